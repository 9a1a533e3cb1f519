import { type Mutation, mutation } from "./mutation";

/** Mistakes in the storage account. */
export const storageMistakes: readonly Mutation[] = [
  mutation(
    "storage keys on",
    "modules/storage.bicep",
    "allowSharedKeyAccess: false",
    "allowSharedKeyAccess: true",
  ),
  mutation(
    "public blobs",
    "modules/storage.bicep",
    "allowBlobPublicAccess: false",
    "allowBlobPublicAccess: true",
  ),
  mutation(
    "public container",
    "modules/storage.bicep",
    "name: containerName\n  properties: { publicAccess: 'None' }",
    "name: containerName\n  properties: { publicAccess: 'Blob' }",
  ),
  mutation(
    "approvals in a public container",
    "modules/storage.bicep",
    "name: approvalsContainerName\n  properties: { publicAccess: 'None' }",
    "name: approvalsContainerName\n  properties: { publicAccess: 'Blob' }",
  ),
  mutation(
    "old TLS on storage",
    "modules/storage.bicep",
    "minimumTlsVersion: 'TLS1_2'",
    "minimumTlsVersion: 'TLS1_0'",
  ),
  mutation(
    "a scope too wide",
    "modules/storage.bicep",
    "  scope: packages\n",
    "  scope: account\n",
  ),
  mutation(
    "the deployer owns blobs",
    "modules/storage.bicep",
    "    roleDefinitionId: blobDataContributor",
    "    roleDefinitionId: blobDataOwner",
  ),
  mutation(
    "approvals kept for ever",
    "modules/storage.bicep",
    "daysAfterModificationGreaterThan: 1 }",
    "daysAfterModificationGreaterThan: 999 }",
  ),
  mutation(
    "the deployer reads what was approved",
    "modules/storage.bicep",
    "  scope: packages\n",
    "  scope: approvals\n",
  ),
  mutation(
    "storage open beside its endpoint",
    "modules/storage.bicep",
    "publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'",
    "publicNetworkAccess: 'Enabled'",
    "private-network",
  ),
  mutation(
    "a property misspelt",
    "modules/storage.bicep",
    "supportsHttpsTrafficOnly: true",
    "supportsHttpTrafficOnly: true",
  ),
  mutation(
    "SFTP on",
    "modules/storage.bicep",
    "    supportsHttpsTrafficOnly: true\n",
    "    supportsHttpsTrafficOnly: true\n    isSftpEnabled: true\n",
  ),
  mutation(
    "Azure's services past the endpoint",
    "modules/storage.bicep",
    "bypass: isPrivate ? 'None' : 'AzureServices'",
    "bypass: 'AzureServices'",
    "private-network",
  ),
  mutation(
    "deleted packages gone",
    "modules/storage.bicep",
    "    deleteRetentionPolicy: { enabled: true, days: 7 }",
    "    deleteRetentionPolicy: { enabled: false }",
  ),
  mutation(
    "the endpoint of another service",
    "modules/storage.bicep",
    "groupIds: ['blob']",
    "groupIds: ['file']",
    "private-network",
  ),
  mutation(
    "storage for some networks alone",
    "modules/storage.bicep",
    "      defaultAction: isPrivate ? 'Deny' : 'Allow'\n",
    "      defaultAction: isPrivate ? 'Deny' : 'Allow'\n      ipRules: [{ value: '8.8.8.8', action: 'Allow' }]\n",
  ),
  mutation("dear storage", "modules/storage.bicep", "'Standard_LRS'", "'Premium_LRS'"),
  mutation("another kind of storage", "modules/storage.bicep", "'StorageV2'", "'BlobStorage'"),
  mutation(
    "keys of approvals that go within a week",
    "modules/storage.bicep",
    "daysAfterModificationGreaterThan: 21",
    "daysAfterModificationGreaterThan: 5",
  ),
];
