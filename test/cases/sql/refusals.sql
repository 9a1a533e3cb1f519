SELECT title FROM incidentt
---
SELECT name FROM acount
---
SELECT x FROM zzzzzzzz
---
SELECT titel FROM incident
---
SELECT "Broken fan" FROM incident
---
SELECT title FROM incident WHERE title = "Broken fan"
---
SELECT casetitle FROM incident
---
SELECT customerid_account FROM incident
---
SELECT i.name FROM incident i JOIN account a ON i.customerid = a.accountid
---
SELECT ownerid FROM incident i JOIN account a ON i.customerid = a.accountid
---
SELECT x.title FROM incident i
---
SELECT title FROM incident WHERE statecode = 'Aktive'
---
SELECT title FROM incident WHERE statecodename = 'Open'
---
SELECT title FROM incident WHERE statecodename = 0
---
SELECT title FROM incident WHERE prioritycode IN (1, 'urgent')
---
SELECT title FROM incident WHERE createdon > 'yesterday'
---
SELECT title FROM incident WHERE createdon > '2026-02-30'
---
SELECT title FROM incident WHERE createdon > 5
---
SELECT title FROM incident WHERE customerid = 'Contoso'
---
SELECT title FROM incident WHERE reopened = 'many'
---
SELECT title FROM incident WHERE isescalated = 'perhaps'
---
SELECT title FROM incident WHERE owneridname = CURRENT_USER
---
SELECT title FROM incident WHERE statecode LIKE 'A%'
---
SELECT title FROM incident WHERE isescalated
---
SELECT title = 1 FROM incident WHERE title
---
SELECT title FROM incident WHERE createdon = reopened
---
SELECT title, COUNT(*) FROM incident
---
SELECT title, statecode FROM incident GROUP BY title
---
SELECT statecode FROM incident WHERE COUNT(*) > 1 GROUP BY statecode
---
SELECT SUM(title) FROM incident
---
SELECT MAX(COUNT(*)) FROM incident
---
SELECT DISTINCT title FROM incident ORDER BY createdon
---
SELECT title FROM incident ORDER BY 2
---
SELECT TOP 'a' title FROM incident
---
SELECT TOP 5 PERCENT title FROM incident
---
SELECT TOP (3) WITH TIES title FROM incident ORDER BY title
---
SELECT title FROM incident OFFSET 5 ROWS
---
SELECT title FROM incident LIMIT 5
---
SELECT title FROM incident WHERE incidentid IN (SELECT incidentid FROM incident)
---
SELECT title, (SELECT 1) FROM incident
---
SELECT title FROM incident WHERE EXISTS (SELECT 1 FROM account)
---
SELECT t.title FROM (SELECT title FROM incident) t
---
WITH x AS (SELECT title FROM incident) SELECT * FROM x
---
SELECT title FROM incident UNION ALL SELECT name FROM account
---
SELECT title, ROW_NUMBER() OVER (ORDER BY title) FROM incident
---
SELECT title FROM incident CROSS JOIN account
---
SELECT title FROM incident, account
---
SELECT title FROM incident FULL JOIN account ON 1 = 1
---
SELECT title FROM incident CROSS APPLY (SELECT 1 AS x) t
---
SELECT title FROM incident FOR JSON PATH
---
SELECT FORMAT(createdon, 'yyyy') FROM incident
---
SELECT UPER(title) FROM incident
---
SELECT STRING_AGG(title, ',') FROM incident
---
SELECT title || 'x' FROM incident
---
SELECT TRY_CAST(title AS INT) FROM incident
---
SELECT CONVERT(VARCHAR(10), createdon, 120) FROM incident
---
SELECT CAST(title AS XML) FROM incident
---
SELECT DATEADD('day', 1, createdon) FROM incident
---
SELECT LEFT(title) FROM incident
---
SELECT title FROM incident WHERE title = @name
---
SELECT title COLLATE Latin1_General_BIN FROM incident
---
SELECT createdon AT TIME ZONE 'UTC' FROM incident
---
SELECT statecode & 1 FROM incident
---
SELECT statecode FROM incident GROUP BY ROLLUP (statecode)
---
SELECT statecode FROM incident GROUP BY statecode WITH CUBE
---
SELECT * FROM OPENROWSET('a', 'b', 'c')
---
SELECT * FROM sys.tables
---
SELECT i.title FROM incident i JOIN incident i ON i.incidentid = i.incidentid
---
SELECT i.title FROM incident i JOIN account a
---
SELECT title FROM incident WHERE title + 1 = 2
---
SELECT createdon + createdon FROM incident
---
DECLARE @d DATE = '2026-01-01'; SELECT title FROM incident
---
DELETE FROM incident
---
SELECT 1; SELECT 2
---
SELECT title FROM incident WHERE prioritycode = 1 WHER x = 1
---
SELECT 1 / 0
---
SELECT title INTO copy FROM incident
