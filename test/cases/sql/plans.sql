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
