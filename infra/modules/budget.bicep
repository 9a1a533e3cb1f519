@description('Name of the budget.')
param name string

@description('Amount a month, in the currency of the subscription.')
@minValue(1)
param amount int

@description('First day of the month in which the budget begins, as yyyy-MM-01. It cannot be changed later.')
@minLength(10)
@maxLength(10)
param startDate string

@description('Mail address that is told: a budget takes no fewer than one.')
@minLength(3)
param email string

var contact = { contactEmails: [email] }

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: startDate }
    notifications: {
      actual80: union(contact, { enabled: true, operator: 'GreaterThan', threshold: 80, thresholdType: 'Actual' })
      forecast100: union(
        contact,
        { enabled: true, operator: 'GreaterThan', threshold: 100, thresholdType: 'Forecasted' }
      )
    }
  }
}
