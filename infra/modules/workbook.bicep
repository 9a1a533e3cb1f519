@description('Name of the Application Insights component that is shown.')
param componentName string

@description('Region of the workbook.')
param location string

@description('Tags of every resource.')
param tags object

@description('Title in the portal.')
param title string

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

// The same files that docs/operate.md shows and the alerts watch. `grid` is a table, the rest are charts.
var panels = [
  {
    title: 'How much is it used, and by how many people?'
    query: loadTextContent('../queries/usage.kql')
    chart: 'timechart'
  }
  { title: 'Which share of calls fails?', query: loadTextContent('../queries/error-rate.kql'), chart: 'table' }
  { title: 'Why do calls fail?', query: loadTextContent('../queries/errors-by-kind.kql'), chart: 'table' }
  { title: 'How fast is each tool?', query: loadTextContent('../queries/latency-by-tool.kql'), chart: 'table' }
  { title: 'How slow is it now?', query: loadTextContent('../queries/latency-now.kql'), chart: 'table' }
  { title: 'Does Dataverse throttle us?', query: loadTextContent('../queries/throttling.kql'), chart: 'timechart' }
  {
    title: 'How many answers 429 came just now?'
    query: loadTextContent('../queries/throttling-now.kql')
    chart: 'table'
  }
  {
    title: 'How many requests does a call cost at Dataverse?'
    query: loadTextContent('../queries/dataverse-per-call.kql')
    chart: 'table'
  }
  {
    title: 'Does the identity get its tokens?'
    query: loadTextContent('../queries/identity-failures.kql')
    chart: 'table'
  }
  { title: 'Who is turned away, and why?', query: loadTextContent('../queries/refusals.kql'), chart: 'table' }
  { title: 'How often are results cut short?', query: loadTextContent('../queries/truncations.kql'), chart: 'table' }
  {
    title: 'How often, and how long, does an instance start cold?'
    query: loadTextContent('../queries/cold-starts.kql')
    chart: 'timechart'
  }
  {
    title: 'How often do people agree to a risky change?'
    query: loadTextContent('../queries/consent.kql')
    chart: 'table'
  }
]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(component.id, 'operations')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: title
    category: 'workbook'
    sourceId: component.id
    version: '1.0'
    serializedData: string({
      version: 'Notebook/1.0'
      items: map(panels, panel => {
        type: 3
        name: panel.title
        content: {
          version: 'KqlItem/1.0'
          title: panel.title
          query: panel.query
          size: 0
          timeContext: { durationMs: 86400000 }
          queryType: 0
          resourceType: 'microsoft.insights/components'
          visualization: panel.chart
        }
      })
      fallbackResourceIds: [component.id]
    })
  }
}

@description('Resource id of the workbook.')
output id string = workbook.id
