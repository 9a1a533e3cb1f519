SELECT title FROM incident
---
SELECT TOP 10 ticketnumber, title, statecode FROM incident WHERE statecode = 0 AND ownerid = CURRENT_USER ORDER BY createdon DESC
---
SELECT title FROM incident WHERE statecodename = 'Active' AND customeridname LIKE 'Cont%'
---
SELECT title FROM incident WHERE NOT (statecode = 1 OR title IS NULL) AND title <> 'O''Brien & <Co>'
---
SELECT title FROM incident WHERE title LIKE '100!%%' ESCAPE '!' AND LEN(title) > 5
---
SELECT title FROM incident WHERE createdon >= DATEADD(day, -7, GETDATE()) AND followup <= GETDATE()
---
SELECT title FROM incident WHERE prioritycode IN (1, 2) AND reopened NOT IN (1, 2)
---
SELECT title FROM incident WHERE reopened BETWEEN 1 AND 3 OR title IS NULL
---
SELECT title FROM incident WHERE title = NULL
---
SELECT title FROM incident WHERE reopened = reopened AND statecode <> prioritycode
---
SELECT TOP 5 title FROM incident ORDER BY statecode, title
---
SELECT TOP 5 title FROM incident ORDER BY customeridname, title
---
SELECT DISTINCT statecode FROM incident ORDER BY statecode DESC
---
SELECT i.title, a.name FROM incident i JOIN account a ON i.customerid = a.accountid WHERE a.address1_city = 'Oslo'
---
SELECT a.name, i.title FROM account a JOIN incident i ON i.customerid = a.accountid WHERE a.statecode = 0
---
SELECT i.title, a.name FROM incident i LEFT JOIN account a ON i.customerid = a.accountid AND a.statecode = 0 WHERE a.accountid IS NULL
---
SELECT i.title, a.name FROM incident i LEFT JOIN account a ON i.customerid = a.accountid WHERE a.name = 'Contoso'
---
SELECT a.name, i.title FROM account a LEFT JOIN incident i ON i.customerid = a.accountid
---
SELECT i.title, a.name, u.fullname FROM incident i JOIN account a ON i.customerid = a.accountid JOIN systemuser u ON a.ownerid = u.systemuserid
---
SELECT statecode, COUNT(*) AS n, AVG(reopened) AS average FROM incident GROUP BY statecode ORDER BY n DESC
---
SELECT a.name, COUNT(*) AS n FROM incident i JOIN account a ON i.customerid = a.accountid GROUP BY a.name HAVING COUNT(*) > 3
---
SELECT COUNT(DISTINCT ownerid) AS owners, SUM(satisfaction) AS total FROM incident
---
SELECT YEAR(createdon) AS y, COUNT(*) AS n FROM incident GROUP BY YEAR(createdon)
---
SELECT title FROM incident ORDER BY title OFFSET 10 ROWS FETCH NEXT 5 ROWS ONLY
---
SELECT CASE WHEN reopened > 1 THEN 'often' ELSE 'once' END AS how FROM incident
---
SELECT 1 AS one
---
SELECT t.title FROM (SELECT title, statecode FROM incident) t WHERE t.statecode = 0 ORDER BY t.title
---
SELECT name FROM account a WHERE EXISTS (SELECT 1 FROM incident i WHERE i.customerid = a.accountid AND i.statecode = 0)
---
SELECT name FROM account a WHERE NOT EXISTS (SELECT 1 FROM incident i WHERE i.customerid = a.accountid)
---
SELECT title FROM incident WHERE customerid IN (SELECT accountid FROM account WHERE address1_city = 'Oslo')
---
SELECT title FROM incident WHERE customerid NOT IN (SELECT accountid FROM account WHERE address1_city = 'Oslo')
---
SELECT a.name, (SELECT COUNT(*) FROM incident i WHERE i.customerid = a.accountid) AS n FROM account a
---
SELECT a.name, x.title FROM account a OUTER APPLY (SELECT TOP 1 title FROM incident i WHERE i.customerid = a.accountid ORDER BY createdon DESC) x
---
SELECT x.id FROM (SELECT customerid AS id FROM incident UNION ALL SELECT accountid FROM account) x WHERE x.id IS NOT NULL
---
SELECT t.ticketnumber FROM (SELECT ticketnumber, statecode, ROW_NUMBER() OVER (PARTITION BY statecode ORDER BY createdon DESC) AS n FROM incident) t WHERE t.n = 1 AND t.statecode = 0
---
SELECT statecode, prioritycode, COUNT(*) AS n FROM incident GROUP BY ROLLUP (statecode, prioritycode)
---
WITH up AS (SELECT accountid, parentaccountid, 0 AS depth FROM account WHERE name = 'Contoso' UNION ALL SELECT a.accountid, a.parentaccountid, u.depth + 1 FROM account a JOIN up u ON a.accountid = u.parentaccountid) SELECT depth, accountid FROM up
---
SELECT a.name, u.fullname FROM account a FULL JOIN systemuser u ON a.ownerid = u.systemuserid
---
SELECT TOP (3) WITH TIES statecode FROM incident ORDER BY title
---
SELECT n.value FROM GENERATE_SERIES(1, 3) n
---
SELECT a.name, COUNT(*) AS n FROM incident i, account a WHERE i.customerid = a.accountid AND a.statecode = 0 GROUP BY a.name
---
SELECT customeridname, COUNT(*) AS n FROM incident GROUP BY customeridname ORDER BY n DESC
---
SELECT FORMAT(createdon, 'yyyy-MM') AS month, COUNT(*) AS n, SUM(CASE WHEN statecode = 0 THEN 1 ELSE 0 END) AS active FROM incident GROUP BY FORMAT(createdon, 'yyyy-MM')
---
SELECT DATENAME(weekday, createdon) AS day, COUNT(*) AS n FROM incident GROUP BY DATENAME(weekday, createdon)
---
SELECT statecode, ownerid FROM incident GROUP BY statecode, ownerid
---
SELECT TOP 5 ticketnumber FROM incident WHERE ownerid = CURRENT_USER ORDER BY prioritycode DESC, createdon
---
SELECT MIN(title) AS first, MAX(title) AS last FROM incident
---
SELECT TOP 5 title FROM incident ORDER BY prioritycodename, title
---
SELECT TOP 5 i.title, a.name FROM incident i JOIN account a ON i.customerid = a.accountid ORDER BY a.name, i.createdon DESC
---
SELECT a.name, COUNT(i.incidentid) AS n FROM account a LEFT JOIN incident i ON i.customerid = a.accountid GROUP BY a.name
---
SELECT COUNT(*) AS n FROM account a WHERE NOT EXISTS (SELECT 1 FROM incident i WHERE i.customerid = a.accountid AND i.statecode = 0)
---
SELECT title FROM incident WHERE customeridtype = 'account' AND title IS DISTINCT FROM 'x'
---
SELECT i.title FROM incident i JOIN account a ON i.customerid = a.accountid WHERE a.ownerid <> i.ownerid AND i.statecode <= a.statecode
---
SELECT a.name FROM account a LEFT JOIN incident i ON i.customerid = a.accountid AND i.statecode = 0 WHERE i.incidentid IS NULL
---
SELECT name FROM account a WHERE accountid NOT IN (SELECT customerid FROM incident WHERE customerid IS NOT NULL)
---
SELECT title FROM incident i WHERE reopened > 2 OR EXISTS (SELECT 1 FROM account a WHERE a.accountid = i.customerid AND a.statecode = 0)
---
SELECT i.title, (SELECT a.name FROM account a WHERE a.accountid = i.customerid) AS customer FROM incident i
---
SELECT i.title FROM incident i WHERE EXISTS (SELECT 1 FROM account a WHERE a.accountid = i.customerid AND a.employees > i.reopened)
---
SELECT name FROM account a WHERE EXISTS (SELECT 1 FROM incident i JOIN systemuser u ON i.ownerid = u.systemuserid WHERE i.customerid = a.accountid AND u.isdisabled = 1)
---
SELECT a.name, x.title FROM account a CROSS APPLY (SELECT title FROM incident i WHERE i.customerid = a.accountid AND i.statecode = 0) x
---
SELECT COUNT(1) AS n, COUNT_BIG('x') AS m FROM incident
---
SELECT title FROM incident WHERE CONTAINS(topics, '1 OR "Loud noise"') AND NOT CONTAINS(topics, 'Heat')
---
SELECT COUNT(*) AS n, MAX(title) AS last, AVG(reopened) AS average FROM incident WHERE statecode = 0
---
SELECT name FROM account WHERE accountid IN (SELECT customerid FROM incident WHERE statecode = 0 UNION ALL SELECT parentaccountid FROM account)
---
SELECT a.name, u.fullname FROM account a FULL JOIN systemuser u ON u.systemuserid = a.ownerid AND EXISTS (SELECT 1 FROM incident i WHERE i.customerid = a.accountid AND i.ownerid = u.systemuserid) WHERE u.isdisabled = 0 OR a.statecode = 0
---
SELECT AVG(reopened * 1.0) AS average, SUM(CAST(reopened AS DECIMAL(12, 2)) + 1) AS more, MIN(createdon) AS first FROM incident
---
SELECT MIN(createdon) AS first, MAX(followup) AS last FROM incident WHERE statecode = 0
---
SELECT statecode, YEAR(createdon) AS y, COUNT(*) AS n, AVG(reopened) AS a FROM incident GROUP BY ROLLUP (statecode, YEAR(createdon))
---
SELECT COUNT(DISTINCT ownerid) AS n, COUNT(DISTINCT customerid) AS m FROM incident
