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
SELECT title FROM incident OFFSET 5 ROWS
---
SELECT title FROM incident LIMIT 5
---
SELECT i.title, a.name FROM incident i JOIN account a ON i.customerid = a.accountid FOR JSON AUTO
---
SELECT UPER(title) FROM incident
---
SELECT CAST(title AS XML) FROM incident
---
SELECT DATEADD('day', 1, createdon) FROM incident
---
SELECT LEFT(title) FROM incident
---
SELECT title FROM incident WHERE title = @name
---
SELECT * FROM OPENROWSET('a', 'b', 'c')
---
SELECT * FROM sys.objects
---
SELECT i.title FROM incident i JOIN incident i ON i.incidentid = i.incidentid
---
SELECT i.title FROM incident i JOIN account a
---
SELECT title FROM incident WHERE title + 1 = 2
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
---
SELECT i.customerid.name FROM incident i
---
SELECT customerid.name FROM incident
---
SELECT title AS t FROM incident WHERE t = 'x'
---
SELECT statecode, COUNT(*) AS n FROM incident GROUP BY statecode HAVING n > 5
---
SELECT title FROM incident WHERE createdon = ownerid
---
SELECT title FROM incident WHERE followup > 5
---
SELECT title FROM incident WHERE ownerid = reopened
---
SELECT (SELECT title, statecode FROM incident) AS x
---
SELECT title FROM incident WHERE statecode IN (SELECT * FROM account)
---
SELECT (SELECT title FROM incident) AS x
---
SELECT title FROM incident UNION SELECT name, statecode FROM account
---
SELECT createdon FROM incident UNION SELECT ownerid FROM incident
---
SELECT t.titel FROM (SELECT title FROM incident) t
---
SELECT t.x FROM (SELECT title, title FROM incident) t
---
SELECT t.title FROM (SELECT title, title FROM incident) t
---
SELECT v.a FROM (VALUES (1), ('x')) AS v(a)
---
SELECT t.a FROM (SELECT title FROM incident) t(a, b)
---
SELECT title FROM incident WHERE ROW_NUMBER() OVER (ORDER BY title) = 1
---
SELECT ROW_NUMBER() OVER (PARTITION BY statecode) FROM incident
---
SELECT COUNT(DISTINCT title) OVER () FROM incident
---
SELECT SUM(reopened) OVER (ORDER BY title RANGE 2 PRECEDING) FROM incident
---
SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY reopened) FROM incident
---
SELECT GROUPING(title) FROM incident GROUP BY ROLLUP (statecode)
---
SELECT TOP (reopened) title FROM incident
---
SELECT title FROM incident WHERE customeridtype = 'accounts'
---
WITH n AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM n) SELECT n FROM n
---
WITH n AS (SELECT n + 1 AS n FROM n) SELECT n FROM n
---
WITH n AS (SELECT 1 AS n UNION ALL SELECT n + 0.5 FROM n WHERE n < 5) SELECT n FROM n
---
WITH n AS (SELECT 1 AS n UNION ALL SELECT MAX(n) + 1 FROM n WHERE n < 5) SELECT n FROM n
---
SELECT CAST('5.5' AS INT)
---
SELECT CAST(title AS VARCHAR(10)) COLLATE Klingon FROM incident
---
SELECT title FROM incident WHERE topics LIKE '%1%'
---
WITH c AS (SELECT accountid, LEN(name) FROM account) SELECT * FROM c
---
SELECT * FROM (SELECT i.*, a.* FROM incident i JOIN account a ON i.customerid = a.accountid) t
---
WITH c AS (SELECT accountid, parentaccountid FROM account WHERE parentaccountid IS NULL UNION ALL SELECT a.accountid, a.parentaccountid FROM account a JOIN c ON a.parentaccountid = c.accountid JOIN c d ON d.accountid = c.accountid) SELECT * FROM c
---
WITH c AS (SELECT accountid, parentaccountid FROM account WHERE parentaccountid IS NULL UNION ALL SELECT a.accountid, a.parentaccountid FROM account a JOIN c WITH (NOLOCK) ON a.parentaccountid = c.accountid) SELECT * FROM c
---
SELECT title FROM incident OPTION (USE HINT ('DISABLE_OPTIMISER_ROWGOAL'))
---
WITH n AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM n) SELECT n FROM n OPTION (MAXRECURSION 32768)
---
SELECT title, RANK() FROM incident
---
SELECT title FROM incident WHERE CONTAINS(title, 'fan')
---
SELECT title FROM incident WHERE CONTAINS(topics, '1 AND 2')
---
SELECT title FROM incident WHERE CONTAINS((topics, title), '1')
---
SELECT 1e400 AS a
---
SELECT VAR(v) AS a FROM (VALUES (1e200), (-1e200)) AS t(v)
---
SELECT title AS aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa FROM incident
---
SELECT title FROM incident ORDER BY title COLLATE Finnish_Swedish_CI_AS
---
SELECT TOP (-5) PERCENT title FROM incident
---
SELECT prioritycode FROM incident GROUP BY prioritycode WITH (DISTRIBUTED_AGG), statecode WITH (DISTRIBUTED_AGG)
---
SELECT value FROM STRING_SPLIT('a,b', ',', '1')
---
SELECT title FROM incident WHERE LEFT(title,
  reopened / (reopened - reopened)) = ''
---
SELECT title FROM incident WHERE title > 5
---
SELECT LENGTH(title) FROM incident
---
SELECT GROUP_CONCAT(title) FROM incident
---
SELECT NVL(title, 'none') FROM incident
---
SELECT title FROM incident WHERE title ILIKE '%fan%'
---
SELECT title FROM incident ORDER BY createdon DESC NULLS LAST
---
SELECT COUNT(*) FILTER (WHERE statecode = 0) FROM incident
---
SELECT title FROM incident WHERE createdon > GETDATE() - INTERVAL '7 days'
---
SELECT title FROM incident WHERE createdon >= DATE '2026-01-01'
