/** The dozen ids that people, settings and tests name; every other id of the sample data is drawn. */

export const organizationId = "0e000000-0000-4000-8000-000000000001";
export const rootBusinessUnitId = "0d000000-0000-4000-8000-000000000001";
export const tenantId = "0f000000-0000-4000-8000-000000000001";

export interface Persona {
  readonly key: "representative" | "manager" | "administrator" | "without-roles" | "disabled";
  readonly systemUserId: string;
  /** Entra object id: what `CallerObjectId` carries. */
  readonly objectId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly roles: readonly string[];
  readonly isDisabled: boolean;
}

const ids = (n: number) => ({
  systemUserId: `0a000000-0000-4000-8000-00000000000${n}`,
  objectId: `0b000000-0000-4000-8000-00000000000${n}`,
});

export const personas: readonly Persona[] = [
  {
    key: "representative",
    ...ids(1),
    firstName: "Avery",
    lastName: "Lindholm",
    roles: ["Customer Service Representative"],
    isDisabled: false,
  },
  {
    key: "manager",
    ...ids(2),
    firstName: "Noor",
    lastName: "Castellan",
    roles: ["CSR Manager"],
    isDisabled: false,
  },
  {
    key: "administrator",
    ...ids(3),
    firstName: "Tomasz",
    lastName: "Wierzba",
    roles: ["System Administrator"],
    isDisabled: false,
  },
  {
    key: "without-roles",
    ...ids(4),
    firstName: "Ines",
    lastName: "Okonjo",
    roles: [],
    isDisabled: false,
  },
  {
    key: "disabled",
    ...ids(5),
    firstName: "Piet",
    lastName: "Haverkamp",
    roles: ["Customer Service Representative"],
    isDisabled: true,
  },
];

/** The managed identity's application user: acts for others, and its role fences what that may reach. */
export const applicationUser = {
  systemUserId: "0a000000-0000-4000-8000-0000000000a1",
  objectId: "0b000000-0000-4000-8000-0000000000a1",
  applicationId: "0c000000-0000-4000-8000-000000000001",
  name: "# Customer Service MCP",
} as const;

/** Another system's application user, as every environment has some: it may read knowledge, and nothing of cases. */
export const integrationUser = {
  systemUserId: "0a000000-0000-4000-8000-0000000000a2",
  objectId: "0b000000-0000-4000-8000-0000000000a2",
  applicationId: "0c000000-0000-4000-8000-000000000002",
  name: "# Website knowledge feed",
} as const;

/** Three cases of the representative that guides and tests name. */
export const demoCases = [
  { id: "1c000000-0000-4000-8000-000000000001", ticketNumber: "CAS-01001-H4K7Q2" },
  { id: "1c000000-0000-4000-8000-000000000002", ticketNumber: "CAS-01002-M9T3W8" },
  { id: "1c000000-0000-4000-8000-000000000003", ticketNumber: "CAS-01003-R6B1X5" },
] as const;
