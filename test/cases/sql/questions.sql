-- How many cases are open, resolved and cancelled?
SELECT statecode, COUNT(*) AS n FROM incident GROUP BY statecode ORDER BY statecode
==
SELECT statecode, COUNT(*) AS n FROM incident GROUP BY statecode ORDER BY statecode
---
-- How many cases came in each month?
SELECT DATEADD(month, DATEDIFF(month, 0, createdon), 0) AS month, COUNT(*) AS n FROM incident GROUP BY DATEADD(month, DATEDIFF(month, 0, createdon), 0) ORDER BY month
==
SELECT strftime('%Y-%m-01T00:00:00Z', createdon) AS month, COUNT(*) AS n FROM incident GROUP BY 1 ORDER BY 1
---
-- How many by year and month, as a label?
SELECT FORMAT(createdon, 'yyyy-MM') AS ym, COUNT(*) AS n FROM incident GROUP BY FORMAT(createdon, 'yyyy-MM') ORDER BY ym
==
SELECT strftime('%Y-%m', createdon) AS ym, COUNT(*) AS n FROM incident GROUP BY 1 ORDER BY 1
---
-- Which ten customers have the most cases?
SELECT TOP 10 c.name, COUNT(*) AS n FROM incident i JOIN account c ON i.customerid = c.accountid GROUP BY c.name ORDER BY n DESC, c.name
==
SELECT c.name, COUNT(*) AS n FROM incident i JOIN account c ON i.customerid = c.accountid GROUP BY c.name ORDER BY n DESC, c.name COLLATE NOCASE LIMIT 10
---
-- Which customers have no open case?
SELECT name FROM account a WHERE NOT EXISTS (SELECT 1 FROM incident i WHERE i.customerid = a.accountid AND i.statecode = 0) ORDER BY name
==
SELECT name FROM account a WHERE NOT EXISTS (SELECT 1 FROM incident i WHERE i.customerid = a.accountid AND i.statecode = 0) ORDER BY name COLLATE NOCASE
---
-- What is the backlog of each agent, by priority?
SELECT u.fullname, SUM(CASE WHEN i.prioritycode = 1 THEN 1 ELSE 0 END) AS high, SUM(CASE WHEN i.prioritycode = 2 THEN 1 ELSE 0 END) AS normal, COUNT(*) AS total FROM incident i JOIN systemuser u ON u.systemuserid = i.ownerid WHERE i.statecode = 0 GROUP BY u.domainname, u.fullname ORDER BY total DESC, u.domainname
==
SELECT u.fullname, SUM(i.prioritycode = 1) AS high, SUM(i.prioritycode = 2) AS normal, COUNT(*) AS total FROM incident i JOIN systemuser u ON u.systemuserid = i.ownerid WHERE i.statecode = 0 GROUP BY u.domainname, u.fullname ORDER BY total DESC, u.domainname
---
-- Which share of all cases is of each origin?
SELECT caseorigincode, COUNT(*) AS n, CAST(100.0 * COUNT(*) / SUM(COUNT(*)) OVER () AS DECIMAL(5, 2)) AS share FROM incident GROUP BY caseorigincode ORDER BY caseorigincode
==
SELECT caseorigincode, COUNT(*) AS n, round(100.0 * COUNT(*) / (SELECT COUNT(*) FROM incident), 2) AS share FROM incident GROUP BY caseorigincode ORDER BY caseorigincode
---
-- How has the number of cases grown from month to month?
WITH m AS (SELECT FORMAT(createdon, 'yyyy-MM') AS ym, COUNT(*) AS n FROM incident GROUP BY FORMAT(createdon, 'yyyy-MM')) SELECT ym, n, SUM(n) OVER (ORDER BY ym ROWS UNBOUNDED PRECEDING) AS running, n - LAG(n) OVER (ORDER BY ym) AS more FROM m ORDER BY ym
==
WITH m AS (SELECT strftime('%Y-%m', createdon) AS ym, COUNT(*) AS n FROM incident GROUP BY 1) SELECT ym, n, SUM(n) OVER (ORDER BY ym ROWS UNBOUNDED PRECEDING) AS running, n - LAG(n) OVER (ORDER BY ym) AS more FROM m ORDER BY ym
---
-- Which is the newest case of each customer?
SELECT name, ticketnumber FROM (SELECT a.name, i.ticketnumber, ROW_NUMBER() OVER (PARTITION BY a.accountid ORDER BY i.createdon DESC, i.ticketnumber) AS rn FROM incident i JOIN account a ON a.accountid = i.customerid) t WHERE rn = 1 ORDER BY name
==
SELECT name, ticketnumber FROM (SELECT a.name, i.ticketnumber, ROW_NUMBER() OVER (PARTITION BY a.accountid ORDER BY i.createdon DESC, i.ticketnumber) AS rn FROM incident i JOIN account a ON a.accountid = i.customerid) t WHERE rn = 1 ORDER BY name COLLATE NOCASE
---
-- And the last case of each customer, by APPLY?
SELECT a.name, t.ticketnumber FROM account a OUTER APPLY (SELECT TOP 1 i.ticketnumber FROM incident i WHERE i.customerid = a.accountid ORDER BY i.createdon DESC, i.ticketnumber) t ORDER BY a.name
==
SELECT a.name, (SELECT i.ticketnumber FROM incident i WHERE i.customerid = a.accountid ORDER BY i.createdon DESC, i.ticketnumber LIMIT 1) AS ticketnumber FROM account a ORDER BY a.name COLLATE NOCASE
---
-- Which is the oldest open case in each queue?
SELECT q.name, MIN(i.createdon) AS oldest, COUNT(*) AS n FROM queueitem x JOIN queue q ON q.queueid = x.queueid JOIN incident i ON i.incidentid = x.objectid WHERE i.statecode = 0 GROUP BY q.name ORDER BY q.name
==
SELECT q.name, MIN(i.createdon) AS oldest, COUNT(*) AS n FROM queueitem x JOIN queue q ON q.queueid = x.queueid JOIN incident i ON i.incidentid = x.objectid WHERE i.statecode = 0 GROUP BY q.name ORDER BY q.name COLLATE NOCASE
---
-- Which open cases have had no activity in the seven days before 24 November?
SELECT i.ticketnumber FROM incident i WHERE i.statecode = 0 AND NOT EXISTS (SELECT * FROM activitypointer p WHERE p.regardingobjectid = i.incidentid AND p.createdon >= DATEADD(day, -7, '2026-11-24')) ORDER BY i.ticketnumber
==
SELECT i.ticketnumber FROM incident i WHERE i.statecode = 0 AND NOT EXISTS (SELECT * FROM activitypointer p WHERE p.regardingobjectid = i.incidentid AND p.createdon >= '2026-11-17T00:00:00Z') ORDER BY i.ticketnumber
---
-- How many activities of each kind does a case have?
SELECT i.ticketnumber, p.activitytypecode AS kind, COUNT(*) AS n FROM incident i JOIN activitypointer p ON p.regardingobjectid = i.incidentid GROUP BY i.ticketnumber, p.activitytypecode HAVING COUNT(*) > 1 ORDER BY i.ticketnumber, kind
==
SELECT i.ticketnumber, p.activitytypecode AS kind, COUNT(*) AS n FROM incident i JOIN activitypointer p ON p.regardingobjectid = i.incidentid GROUP BY i.ticketnumber, p.activitytypecode HAVING COUNT(*) > 1 ORDER BY i.ticketnumber, kind
---
-- How old are open cases, in days, on 24 November?
SELECT ticketnumber, DATEDIFF(day, createdon, '2026-11-24') AS days FROM incident WHERE statecode = 0 ORDER BY days DESC, ticketnumber
==
SELECT ticketnumber, CAST(julianday('2026-11-24') - julianday(date(createdon)) AS INTEGER) AS days FROM incident WHERE statecode = 0 ORDER BY days DESC, ticketnumber
---
-- In which bands of age is the backlog?
SELECT band, COUNT(*) AS n FROM (SELECT CASE WHEN DATEDIFF(day, createdon, '2026-11-24') <= 7 THEN '0-7' WHEN DATEDIFF(day, createdon, '2026-11-24') <= 30 THEN '8-30' ELSE '31+' END AS band FROM incident WHERE statecode = 0) t GROUP BY band ORDER BY band
==
SELECT band, COUNT(*) AS n FROM (SELECT CASE WHEN julianday('2026-11-24') - julianday(date(createdon)) <= 7 THEN '0-7' WHEN julianday('2026-11-24') - julianday(date(createdon)) <= 30 THEN '8-30' ELSE '31+' END AS band FROM incident WHERE statecode = 0) t GROUP BY band ORDER BY band
---
-- On which day of the week do cases come in?
SELECT DATENAME(weekday, createdon) AS day, COUNT(*) AS n FROM incident GROUP BY DATENAME(weekday, createdon), DATEPART(weekday, createdon) ORDER BY DATEPART(weekday, createdon)
==
SELECT CASE strftime('%w', createdon) WHEN '0' THEN 'Sunday' WHEN '1' THEN 'Monday' WHEN '2' THEN 'Tuesday' WHEN '3' THEN 'Wednesday' WHEN '4' THEN 'Thursday' WHEN '5' THEN 'Friday' ELSE 'Saturday' END AS day, COUNT(*) AS n FROM incident GROUP BY strftime('%w', createdon) ORDER BY strftime('%w', createdon)
---
-- At which hour?
SELECT DATEPART(hour, createdon) AS hour, COUNT(*) AS n FROM incident GROUP BY DATEPART(hour, createdon) ORDER BY hour
==
SELECT CAST(strftime('%H', createdon) AS INTEGER) AS hour, COUNT(*) AS n FROM incident GROUP BY 1 ORDER BY 1
---
-- Which customers have more cases than the average customer?
WITH n AS (SELECT customerid, COUNT(*) AS n FROM incident GROUP BY customerid) SELECT a.name, n.n FROM n JOIN account a ON a.accountid = n.customerid WHERE n.n > (SELECT AVG(1.0 * n) FROM n) ORDER BY n.n DESC, a.name
==
WITH n AS (SELECT customerid, COUNT(*) AS n FROM incident GROUP BY customerid) SELECT a.name, n.n FROM n JOIN account a ON a.accountid = n.customerid WHERE n.n > (SELECT AVG(1.0 * n) FROM n) ORDER BY n.n DESC, a.name COLLATE NOCASE
---
-- Which products make the most trouble, and with which titles?
SELECT TOP 5 p.name, COUNT(*) AS n, MIN(i.title) AS first FROM incident i JOIN product p ON p.productid = i.productid GROUP BY p.name ORDER BY n DESC, p.name
==
SELECT p.name, COUNT(*) AS n, MIN(i.title COLLATE NOCASE) AS first FROM incident i JOIN product p ON p.productid = i.productid GROUP BY p.name ORDER BY n DESC, p.name COLLATE NOCASE LIMIT 5
---
-- How many cases does each contact have, those without any too?
SELECT c.fullname, COUNT(i.incidentid) AS n FROM contact c LEFT JOIN incident i ON i.primarycontactid = c.contactid GROUP BY c.contactid, c.fullname ORDER BY n DESC, c.fullname, c.contactid
==
SELECT c.fullname, COUNT(i.incidentid) AS n FROM contact c LEFT JOIN incident i ON i.primarycontactid = c.contactid GROUP BY c.contactid, c.fullname ORDER BY n DESC, c.fullname COLLATE NOCASE, c.contactid
---
-- Which contacts and accounts share a city? One list of all cities.
SELECT address1_city AS city FROM account WHERE address1_city IS NOT NULL UNION SELECT address1_city FROM contact WHERE address1_city IS NOT NULL ORDER BY city
==
SELECT address1_city AS city FROM account WHERE address1_city IS NOT NULL UNION SELECT address1_city FROM contact WHERE address1_city IS NOT NULL ORDER BY city COLLATE NOCASE
---
-- Cities of accounts from A to H where none from I on is?
SELECT address1_city AS city FROM account WHERE address1_city IS NOT NULL EXCEPT SELECT address1_city FROM account WHERE name >= 'I' ORDER BY city
==
SELECT address1_city AS city FROM account WHERE address1_city IS NOT NULL EXCEPT SELECT address1_city FROM account WHERE name >= 'I' ORDER BY city COLLATE NOCASE
---
-- Cases by state and priority, with sums?
SELECT statecode, prioritycode, COUNT(*) AS n FROM incident GROUP BY ROLLUP (statecode, prioritycode) ORDER BY GROUPING(statecode), statecode, GROUPING(prioritycode), prioritycode
==
SELECT statecode, prioritycode, n FROM (SELECT statecode, prioritycode, COUNT(*) AS n, 0 AS a, 0 AS b FROM incident GROUP BY 1, 2 UNION ALL SELECT statecode, NULL, COUNT(*), 0, 1 FROM incident GROUP BY 1 UNION ALL SELECT NULL, NULL, COUNT(*), 1, 1 FROM incident) ORDER BY a, statecode, b, prioritycode
---
-- Cases of each origin side by side, for each state?
SELECT * FROM (SELECT statecode AS state, caseorigincode AS origin, incidentid AS id FROM incident) s PIVOT (COUNT(id) FOR origin IN ([1], [2], [3])) AS p ORDER BY state
==
SELECT statecode AS state, SUM(caseorigincode = 1) AS "1", SUM(caseorigincode = 2) AS "2", SUM(caseorigincode = 3) AS "3" FROM incident GROUP BY statecode ORDER BY statecode
---
-- Which agents own cases of more than three customers?
SELECT u.fullname, COUNT(DISTINCT i.customerid) AS customers FROM incident i JOIN systemuser u ON u.systemuserid = i.ownerid GROUP BY u.domainname, u.fullname HAVING COUNT(DISTINCT i.customerid) > 3 ORDER BY customers DESC, u.domainname
==
SELECT u.fullname, COUNT(DISTINCT i.customerid) AS customers FROM incident i JOIN systemuser u ON u.systemuserid = i.ownerid GROUP BY u.domainname, u.fullname HAVING COUNT(DISTINCT i.customerid) > 3 ORDER BY customers DESC, u.domainname
---
-- The second page of open cases, ten a page?
SELECT ticketnumber FROM incident WHERE statecode = 0 ORDER BY createdon, ticketnumber OFFSET 10 ROWS FETCH NEXT 10 ROWS ONLY
==
SELECT ticketnumber FROM incident WHERE statecode = 0 ORDER BY createdon, ticketnumber LIMIT 10 OFFSET 10
---
-- What do titles begin with, and how long are they?
SELECT TOP 20 ticketnumber, LEFT(title, 12) AS head, LEN(title) AS length, CHARINDEX(',', title) AS comma FROM incident WHERE ticketnumber NOT LIKE '%HARD%' ORDER BY ticketnumber
==
SELECT ticketnumber, substr(title, 1, 12) AS head, length(rtrim(title)) AS length, instr(title, ',') AS comma FROM incident WHERE ticketnumber NOT LIKE '%HARD%' ORDER BY ticketnumber LIMIT 20
---
-- Which titles name an office?
SELECT ticketnumber FROM incident WHERE title LIKE '%office' AND title NOT LIKE '%london%' ORDER BY ticketnumber
==
SELECT ticketnumber FROM incident WHERE title LIKE '%office' AND title NOT LIKE '%london%' ORDER BY ticketnumber
---
-- How long do phone calls take, in minutes: least, average, longest?
SELECT COUNT(*) AS n, MIN(actualdurationminutes) AS least, AVG(1.0 * actualdurationminutes) AS average, MAX(actualdurationminutes) AS longest FROM phonecall
==
SELECT COUNT(*) AS n, MIN(actualdurationminutes) AS least, AVG(1.0 * actualdurationminutes) AS average, MAX(actualdurationminutes) AS longest FROM phonecall
---
-- Which customers had cases in this quarter and none in the last?
SELECT a.name FROM account a WHERE a.accountid IN (SELECT customerid FROM incident WHERE createdon >= '2026-10-01') AND a.accountid NOT IN (SELECT customerid FROM incident WHERE createdon >= '2026-07-01' AND createdon < '2026-10-01') ORDER BY a.name
==
SELECT a.name FROM account a WHERE a.accountid IN (SELECT customerid FROM incident WHERE createdon >= '2026-10-01') AND a.accountid NOT IN (SELECT customerid FROM incident WHERE createdon >= '2026-07-01' AND createdon < '2026-10-01') ORDER BY a.name COLLATE NOCASE
---
-- Who is in the top three of each origin by number of cases?
SELECT origin, name, n FROM (SELECT i.caseorigincode AS origin, a.name, COUNT(*) AS n, RANK() OVER (PARTITION BY i.caseorigincode ORDER BY COUNT(*) DESC) AS place FROM incident i JOIN account a ON a.accountid = i.customerid GROUP BY i.caseorigincode, a.name) t WHERE place <= 3 ORDER BY origin, n DESC, name
==
SELECT origin, name, n FROM (SELECT i.caseorigincode AS origin, a.name, COUNT(*) AS n, RANK() OVER (PARTITION BY i.caseorigincode ORDER BY COUNT(*) DESC) AS place FROM incident i JOIN account a ON a.accountid = i.customerid GROUP BY i.caseorigincode, a.name) t WHERE place <= 3 ORDER BY origin, n DESC, name COLLATE NOCASE
---
-- Which tickets has each customer open, in one text?
SELECT a.name, STRING_AGG(i.ticketnumber, ', ') WITHIN GROUP (ORDER BY i.ticketnumber) AS tickets FROM incident i JOIN account a ON a.accountid = i.customerid WHERE i.statecode = 0 GROUP BY a.name ORDER BY a.name
==
SELECT name, (SELECT group_concat(ticketnumber, ', ') FROM (SELECT ticketnumber FROM incident i WHERE i.customerid = a.accountid AND i.statecode = 0 ORDER BY ticketnumber)) AS tickets FROM account a WHERE EXISTS (SELECT 1 FROM incident i WHERE i.customerid = a.accountid AND i.statecode = 0) ORDER BY name COLLATE NOCASE
---
-- A calendar of the first days of November with the number of cases of each?
SELECT s.value AS day, (SELECT COUNT(*) FROM incident i WHERE CAST(i.createdon AS DATE) = DATEFROMPARTS(2026, 11, s.value)) AS n FROM GENERATE_SERIES(1, 10) AS s ORDER BY day
==
WITH RECURSIVE s(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s WHERE value < 10) SELECT value AS day, (SELECT COUNT(*) FROM incident i WHERE date(i.createdon) = printf('2026-11-%02d', value)) AS n FROM s ORDER BY day
---
-- Is there a case with the same title as another of the same customer?
SELECT COUNT(*) AS pairs FROM incident a JOIN incident b ON a.customerid = b.customerid AND a.title = b.title AND a.ticketnumber < b.ticketnumber
==
SELECT COUNT(*) AS pairs FROM incident a JOIN incident b ON a.customerid = b.customerid AND a.title = b.title COLLATE NOCASE AND a.ticketnumber < b.ticketnumber
---
-- Half of all open cases is older than how many days?
SELECT DISTINCT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY DATEDIFF(day, createdon, '2026-11-24')) OVER () AS median FROM incident WHERE statecode = 0
==
SELECT days AS median FROM (SELECT CAST(julianday('2026-11-24') - julianday(date(createdon)) AS INTEGER) AS days, CUME_DIST() OVER (ORDER BY CAST(julianday('2026-11-24') - julianday(date(createdon)) AS INTEGER)) AS part FROM incident WHERE statecode = 0) WHERE part >= 0.5 ORDER BY days LIMIT 1
