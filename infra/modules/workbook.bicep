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

// An hour, four, a day, a week, thirty days.
var timeRanges = map([3600, 14400, 86400, 604800, 2592000], seconds => { durationMs: seconds * 1000 })

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
      items: concat(
        [
          {
            type: 9
            name: 'Time range'
            content: {
              version: 'KqlParameterItem/1.0'
              style: 'pills'
              queryType: 0
              resourceType: 'microsoft.insights/components'
              parameters: [
                {
                  id: guid(component.id, 'operations', 'TimeRange')
                  version: 'KqlParameterItem/1.0'
                  name: 'TimeRange'
                  label: 'Time range'
                  type: 4
                  isRequired: true
                  value: { durationMs: 86400000 }
                  typeSettings: { selectableValues: timeRanges, allowCustom: true }
                }
              ]
            }
          }
        ],
        map(panels, panel => {
          type: 3
          name: panel.title
          content: {
            version: 'KqlItem/1.0'
            title: panel.title
            query: panel.query
            size: 0
            timeContextFromParameter: 'TimeRange'
            queryType: 0
            resourceType: 'microsoft.insights/components'
            visualization: panel.chart
          }
        })
      )
      fallbackResourceIds: [component.id]
    })
  }
}

@description('Resource id of the workbook.')
output id string = workbook.id
