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
---
-- How long until the first answer by mail, in hours: median and ninth decile of last quarter's cases?
WITH first AS (SELECT i.incidentid, DATEDIFF(minute, i.createdon, MIN(e.senton)) AS minutes FROM incident i JOIN email e ON e.regardingobjectid = i.incidentid WHERE e.directioncode = 1 AND e.senton IS NOT NULL AND i.createdon >= '2026-07-01' AND i.createdon < '2026-10-01' GROUP BY i.incidentid, i.createdon) SELECT DISTINCT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY minutes) OVER () AS median, PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY minutes) OVER () AS p90, COUNT(*) OVER () AS n FROM first
==
WITH first AS (SELECT i.incidentid, CAST(strftime('%s', substr(MIN(e.senton), 1, 16)) AS INTEGER) / 60 - CAST(strftime('%s', substr(i.createdon, 1, 16)) AS INTEGER) / 60 AS minutes FROM incident i JOIN email e ON e.regardingobjectid = i.incidentid WHERE e.directioncode = 1 AND e.senton IS NOT NULL AND i.createdon >= '2026-07-01' AND i.createdon < '2026-10-01' GROUP BY i.incidentid, i.createdon), d AS (SELECT minutes, CUME_DIST() OVER (ORDER BY minutes) AS part FROM first) SELECT (SELECT MIN(minutes) FROM d WHERE part >= 0.5) AS median, (SELECT MIN(minutes) FROM d WHERE part >= 0.9) AS p90, (SELECT COUNT(*) FROM d) AS n
---
-- How many cases were resolved more than once, and which share of the resolved is that?
SELECT SUM(CASE WHEN n > 1 THEN 1 ELSE 0 END) AS again, COUNT(*) AS resolved, CAST(100.0 * SUM(CASE WHEN n > 1 THEN 1 ELSE 0 END) / COUNT(*) AS DECIMAL(5, 2)) AS rate FROM (SELECT incidentid, COUNT(*) AS n FROM incidentresolution GROUP BY incidentid) r
==
SELECT SUM(n > 1) AS again, COUNT(*) AS resolved, round(100.0 * SUM(n > 1) / COUNT(*), 2) AS rate FROM (SELECT incidentid, COUNT(*) AS n FROM incidentresolution GROUP BY incidentid)
---
-- Which open cases have seen no activity for a week before 24 November, and when was the last?
SELECT i.ticketnumber, MAX(p.createdon) AS last FROM incident i LEFT JOIN activitypointer p ON p.regardingobjectid = i.incidentid WHERE i.statecode = 0 GROUP BY i.ticketnumber HAVING MAX(p.createdon) < DATEADD(day, -7, '2026-11-24') OR MAX(p.createdon) IS NULL ORDER BY last, i.ticketnumber
==
SELECT i.ticketnumber, MAX(p.createdon) AS last FROM incident i LEFT JOIN activitypointer p ON p.regardingobjectid = i.incidentid WHERE i.statecode = 0 GROUP BY i.ticketnumber HAVING MAX(p.createdon) < '2026-11-17T00:00:00Z' OR MAX(p.createdon) IS NULL ORDER BY last, i.ticketnumber
---
-- This quarter against the last, by customer: who grew most?
SELECT TOP 8 a.name, SUM(IIF(i.createdon >= '2026-10-01', 1, 0)) AS this, SUM(IIF(i.createdon < '2026-10-01', 1, 0)) AS last, SUM(IIF(i.createdon >= '2026-10-01', 1, -1)) AS growth FROM incident i JOIN account a ON a.accountid = i.customerid WHERE i.createdon >= '2026-07-01' GROUP BY a.name ORDER BY growth DESC, a.name
==
SELECT a.name, SUM(i.createdon >= '2026-10-01') AS this, SUM(i.createdon < '2026-10-01') AS last, SUM(CASE WHEN i.createdon >= '2026-10-01' THEN 1 ELSE -1 END) AS growth FROM incident i JOIN account a ON a.accountid = i.customerid WHERE i.createdon >= '2026-07-01' GROUP BY a.name ORDER BY growth DESC, a.name COLLATE NOCASE LIMIT 8
---
-- What is each agent's share of the open backlog?
SELECT u.fullname, COUNT(*) AS n, CAST(COUNT(*) * 100.0 / SUM(COUNT(*)) OVER () AS DECIMAL(6, 3)) AS share, RANK() OVER (ORDER BY COUNT(*) DESC) AS place FROM incident i JOIN systemuser u ON u.systemuserid = i.ownerid WHERE i.statecode = 0 GROUP BY u.systemuserid, u.fullname, u.domainname ORDER BY place, u.domainname
==
SELECT u.fullname, COUNT(*) AS n, round(COUNT(*) * 100.0 / (SELECT COUNT(*) FROM incident x JOIN systemuser y ON y.systemuserid = x.ownerid WHERE x.statecode = 0), 3) AS share, RANK() OVER (ORDER BY COUNT(*) DESC) AS place FROM incident i JOIN systemuser u ON u.systemuserid = i.ownerid WHERE i.statecode = 0 GROUP BY u.systemuserid, u.fullname, u.domainname ORDER BY place, u.domainname
---
-- Which customers together make the first half of all cases?
WITH n AS (SELECT customerid, COUNT(*) AS n FROM incident GROUP BY customerid), r AS (SELECT customerid, n, SUM(n) OVER (ORDER BY n DESC, customerid ROWS UNBOUNDED PRECEDING) AS running, SUM(n) OVER () AS total FROM n) SELECT COUNT(*) AS customers, MAX(running) AS cases FROM r WHERE running - n < total / 2.0
==
WITH n AS (SELECT customerid, COUNT(*) AS n FROM incident GROUP BY customerid), r AS (SELECT customerid, n, SUM(n) OVER (ORDER BY n DESC, substr(customerid, 25) || substr(customerid, 20, 4) || substr(customerid, 15, 4) ROWS UNBOUNDED PRECEDING) AS running, SUM(n) OVER () AS total FROM n) SELECT COUNT(*) AS customers, MAX(running) AS cases FROM r WHERE running - n < total / 2.0
---
-- How many cases came in each week since September, also in weeks without any?
WITH weeks AS (SELECT CAST('2026-08-31' AS DATE) AS monday UNION ALL SELECT DATEADD(week, 1, monday) FROM weeks WHERE monday < '2026-11-16') SELECT w.monday, COUNT(i.incidentid) AS n FROM weeks w LEFT JOIN incident i ON i.createdon >= w.monday AND i.createdon < DATEADD(week, 1, w.monday) GROUP BY w.monday ORDER BY w.monday
==
WITH RECURSIVE weeks(monday) AS (SELECT '2026-08-31' UNION ALL SELECT date(monday, '+7 days') FROM weeks WHERE monday < '2026-11-16') SELECT w.monday, COUNT(i.incidentid) AS n FROM weeks w LEFT JOIN incident i ON i.createdon >= w.monday AND i.createdon < date(w.monday, '+7 days') GROUP BY w.monday ORDER BY w.monday
---
-- And how many weeks of these had none?
SELECT COUNT(*) AS without FROM GENERATE_SERIES(0, 51) s WHERE NOT EXISTS (SELECT 1 FROM incident i WHERE DATEDIFF(week, '2025-11-23', i.createdon) = s.value)
==
WITH RECURSIVE s(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM s WHERE value < 51) SELECT COUNT(*) AS without FROM s WHERE NOT EXISTS (SELECT 1 FROM incident i WHERE CAST((julianday(date(i.createdon)) - julianday('2025-11-23') + 700) / 7 AS INTEGER) - 100 = s.value)
---
-- How old is the backlog, by priority, in bands side by side?
SELECT prioritycodename AS priority, COUNT(CASE WHEN days <= 3 THEN 1 END) AS fresh, COUNT(CASE WHEN days > 3 AND days <= 14 THEN 1 END) AS due, COUNT(CASE WHEN days > 14 THEN 1 END) AS old FROM (SELECT prioritycode, prioritycodename, DATEDIFF(day, createdon, '2026-11-24') AS days FROM incident WHERE statecodename = 'Active') t GROUP BY prioritycode, prioritycodename ORDER BY prioritycode
==
SELECT CASE prioritycode WHEN 1 THEN 'High' WHEN 2 THEN 'Normal' ELSE 'Low' END AS priority, SUM(days <= 3) AS fresh, SUM(days > 3 AND days <= 14) AS due, SUM(days > 14) AS old FROM (SELECT prioritycode, CAST(julianday('2026-11-24') - julianday(date(createdon)) AS INTEGER) AS days FROM incident WHERE statecode = 0) GROUP BY prioritycode ORDER BY prioritycode
---
-- Which service levels were missed, by priority?
SELECT i.prioritycode, k.status, COUNT(*) AS n FROM slakpiinstance k INNER JOIN incident i ON i.incidentid = k.regarding GROUP BY i.prioritycode, k.status ORDER BY i.prioritycode, k.status
==
SELECT i.prioritycode, k.status, COUNT(*) AS n FROM slakpiinstance k INNER JOIN incident i ON i.incidentid = k.regarding GROUP BY i.prioritycode, k.status ORDER BY i.prioritycode, k.status
---
-- Which open service levels fail next, and in how many hours from the morning of 24 November?
SELECT TOP (6) i.ticketnumber, k.failuretime, DATEDIFF(hour, '2026-11-24T08:00:00', k.failuretime) AS hours FROM slakpiinstance k JOIN incident i ON i.resolvebykpiid = k.slakpiinstanceid WHERE i.statecode = 0 AND k.failuretime >= '2026-11-24T08:00:00' ORDER BY k.failuretime, i.ticketnumber
==
SELECT i.ticketnumber, k.failuretime, CAST(strftime('%s', substr(k.failuretime, 1, 13) || ':00:00') AS INTEGER) / 3600 - CAST(strftime('%s', '2026-11-24T08:00:00') AS INTEGER) / 3600 AS hours FROM slakpiinstance k JOIN incident i ON i.resolvebykpiid = k.slakpiinstanceid WHERE i.statecode = 0 AND k.failuretime >= '2026-11-24T08:00:00' ORDER BY k.failuretime, i.ticketnumber LIMIT 6
---
-- Which customers came back within 30 days of their case before?
WITH c AS (SELECT customerid, createdon, LAG(createdon) OVER (PARTITION BY customerid ORDER BY createdon, incidentid) AS earlier FROM incident) SELECT a.name, COUNT(*) AS times FROM c JOIN account a ON a.accountid = c.customerid WHERE DATEDIFF(day, c.earlier, c.createdon) <= 30 GROUP BY a.name HAVING COUNT(*) >= 2 ORDER BY times DESC, a.name
==
WITH c AS (SELECT customerid, createdon, LAG(createdon) OVER (PARTITION BY customerid ORDER BY createdon) AS earlier FROM incident) SELECT a.name, COUNT(*) AS times FROM c JOIN account a ON a.accountid = c.customerid WHERE julianday(date(c.createdon)) - julianday(date(c.earlier)) <= 30 GROUP BY a.name HAVING COUNT(*) >= 2 ORDER BY times DESC, a.name COLLATE NOCASE
---
-- Which articles helped in most cases?
SELECT TOP 5 WITH TIES k.articlepublicnumber, COUNT(*) AS n FROM knowledgearticleincident x JOIN knowledgearticle k ON k.knowledgearticleid = x.knowledgearticleid GROUP BY k.articlepublicnumber ORDER BY COUNT(*) DESC
==
SELECT articlepublicnumber, n FROM (SELECT k.articlepublicnumber, COUNT(*) AS n, RANK() OVER (ORDER BY COUNT(*) DESC) AS place FROM knowledgearticleincident x JOIN knowledgearticle k ON k.knowledgearticleid = x.knowledgearticleid GROUP BY k.articlepublicnumber) WHERE place <= 5 ORDER BY n DESC, articlepublicnumber
---
-- How much more are articles read whose title speaks of a connection?
SELECT CASE WHEN title LIKE '%connection%' THEN 'connection' ELSE 'other' END AS kind, COUNT(*) AS n, SUM(knowledgearticleviews) AS views, MAX(knowledgearticleviews) AS most FROM knowledgearticle WHERE islatestversion = 1 GROUP BY CASE WHEN title LIKE '%connection%' THEN 'connection' ELSE 'other' END ORDER BY kind
==
SELECT CASE WHEN title LIKE '%connection%' THEN 'connection' ELSE 'other' END AS kind, COUNT(*) AS n, SUM(knowledgearticleviews) AS views, MAX(knowledgearticleviews) AS most FROM knowledgearticle WHERE islatestversion = 1 GROUP BY 1 ORDER BY kind
---
-- Which cases were handed over: resolved by another than their owner?
SELECT COUNT(*) AS resolved, COUNT(CASE WHEN r.ownerid <> i.ownerid THEN 1 END) AS handed FROM incidentresolution r JOIN incident i ON i.incidentid = r.incidentid
==
SELECT COUNT(*) AS resolved, SUM(r.ownerid <> i.ownerid) AS handed FROM incidentresolution r JOIN incident i ON i.incidentid = r.incidentid
---
-- Which share of the mail of customers comes on weekends?
SELECT CAST(AVG(CASE WHEN DATEPART(weekday, createdon) IN (1, 7) THEN 100.0 ELSE 0 END) AS DECIMAL(5, 1)) AS share, COUNT(*) AS n FROM email WHERE directioncode = 0
==
SELECT round(AVG(CASE WHEN strftime('%w', createdon) IN ('0', '6') THEN 100.0 ELSE 0 END), 1) AS share, COUNT(*) AS n FROM email WHERE directioncode = 0
---
-- What is the median handling time by origin, in minutes?
SELECT DISTINCT i.caseorigincode AS origin, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY r.timespent) OVER (PARTITION BY i.caseorigincode) AS median FROM incidentresolution r JOIN incident i ON i.incidentid = r.incidentid ORDER BY origin
==
WITH r AS (SELECT i.caseorigincode AS origin, r.timespent AS t, ROW_NUMBER() OVER (PARTITION BY i.caseorigincode ORDER BY r.timespent) AS rn, COUNT(*) OVER (PARTITION BY i.caseorigincode) AS n FROM incidentresolution r JOIN incident i ON i.incidentid = r.incidentid WHERE r.timespent IS NOT NULL) SELECT origin, AVG(t * 1.0) AS median FROM r WHERE rn IN ((n + 1) / 2, (n + 2) / 2) GROUP BY origin ORDER BY origin
---
-- New cases of this autumn by month and origin, side by side?
SELECT origin, [2026-09], [2026-10], [2026-11] FROM (SELECT caseorigincode AS origin, FORMAT(createdon, 'yyyy-MM') AS month, incidentid FROM incident) s PIVOT (COUNT(incidentid) FOR month IN ([2026-09], [2026-10], [2026-11])) p ORDER BY origin
==
SELECT caseorigincode AS origin, SUM(strftime('%Y-%m', createdon) = '2026-09') AS "2026-09", SUM(strftime('%Y-%m', createdon) = '2026-10') AS "2026-10", SUM(strftime('%Y-%m', createdon) = '2026-11') AS "2026-11" FROM incident GROUP BY caseorigincode ORDER BY caseorigincode
---
-- How long does a case take, from its creation to its resolution, on average by year and quarter?
SELECT YEAR(i.createdon) AS year, DATEPART(quarter, i.createdon) AS quarter, COUNT(*) AS n, AVG(DATEDIFF(hour, i.createdon, r.createdon)) AS hours FROM incident i JOIN incidentresolution r ON r.incidentid = i.incidentid GROUP BY YEAR(i.createdon), DATEPART(quarter, i.createdon) ORDER BY year, quarter
==
SELECT CAST(strftime('%Y', i.createdon) AS INTEGER) AS year, (CAST(strftime('%m', i.createdon) AS INTEGER) + 2) / 3 AS quarter, COUNT(*) AS n, SUM(CAST(strftime('%s', r.createdon) AS INTEGER) / 3600 - CAST(strftime('%s', i.createdon) AS INTEGER) / 3600) / COUNT(*) AS hours FROM incident i JOIN incidentresolution r ON r.incidentid = i.incidentid GROUP BY 1, 2 ORDER BY year, quarter
---
-- Who answered whom last: for each open case, is the newest mail ours or the customer's?
SELECT i.ticketnumber, m.directioncode FROM incident i CROSS APPLY (SELECT TOP 1 e.directioncode FROM email e WHERE e.regardingobjectid = i.incidentid ORDER BY e.createdon DESC, e.activityid) m WHERE i.statecode = 0 AND NOT EXISTS (SELECT 1 FROM email a JOIN email b ON b.regardingobjectid = a.regardingobjectid AND b.createdon = a.createdon AND b.activityid <> a.activityid WHERE a.regardingobjectid = i.incidentid) ORDER BY i.ticketnumber
==
SELECT i.ticketnumber, (SELECT e.directioncode FROM email e WHERE e.regardingobjectid = i.incidentid ORDER BY e.createdon DESC LIMIT 1) AS directioncode FROM incident i WHERE i.statecode = 0 AND EXISTS (SELECT 1 FROM email e WHERE e.regardingobjectid = i.incidentid) AND NOT EXISTS (SELECT 1 FROM email a JOIN email b ON b.regardingobjectid = a.regardingobjectid AND b.createdon = a.createdon AND b.activityid <> a.activityid WHERE a.regardingobjectid = i.incidentid) ORDER BY i.ticketnumber
---
-- Which open case waits longest in each queue, and who is on it?
SELECT queue, ticketnumber, worker FROM (SELECT q.name AS queue, i.ticketnumber, u.fullname AS worker, ROW_NUMBER() OVER (PARTITION BY q.queueid ORDER BY x.enteredon, i.ticketnumber) AS rn FROM queueitem x JOIN queue q ON q.queueid = x.queueid JOIN incident i ON i.incidentid = x.objectid LEFT JOIN systemuser u ON u.systemuserid = x.workerid WHERE i.statecode = 0) t WHERE rn = 1 ORDER BY queue
==
SELECT queue, ticketnumber, worker FROM (SELECT q.name AS queue, i.ticketnumber, u.fullname AS worker, ROW_NUMBER() OVER (PARTITION BY q.queueid ORDER BY x.enteredon, i.ticketnumber) AS rn FROM queueitem x JOIN queue q ON q.queueid = x.queueid JOIN incident i ON i.incidentid = x.objectid LEFT JOIN systemuser u ON u.systemuserid = x.workerid WHERE i.statecode = 0) t WHERE rn = 1 ORDER BY queue COLLATE NOCASE
---
-- How many cases of each product line, with sums over states?
SELECT p.name, i.statecode, COUNT(*) AS n, GROUPING(i.statecode) AS total FROM incident i JOIN product p ON p.productid = i.productid WHERE p.name LIKE 'H%' GROUP BY GROUPING SETS ((p.name, i.statecode), (p.name)) ORDER BY p.name, total, i.statecode
==
SELECT name, statecode, n, total FROM (SELECT p.name, i.statecode, COUNT(*) AS n, 0 AS total FROM incident i JOIN product p ON p.productid = i.productid WHERE p.name LIKE 'H%' GROUP BY p.name, i.statecode UNION ALL SELECT p.name, NULL, COUNT(*), 1 FROM incident i JOIN product p ON p.productid = i.productid WHERE p.name LIKE 'H%' GROUP BY p.name) ORDER BY name COLLATE NOCASE, total, statecode
---
-- Moving average over three months of new cases?
SELECT ym, n, CAST(AVG(1.0 * n) OVER (ORDER BY ym ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS DECIMAL(9, 2)) AS moving FROM (SELECT CONVERT(CHAR(7), createdon, 126) AS ym, COUNT(*) AS n FROM incident GROUP BY CONVERT(CHAR(7), createdon, 126)) m ORDER BY ym
==
SELECT ym, n, round(AVG(1.0 * n) OVER (ORDER BY ym ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), 2) AS moving FROM (SELECT substr(createdon, 1, 7) AS ym, COUNT(*) AS n FROM incident GROUP BY 1) ORDER BY ym
---
-- Which contacts write most, and on how many days?
SELECT TOP 10 c.fullname, COUNT(*) AS mails, COUNT(DISTINCT CAST(e.createdon AS DATE)) AS days FROM email e JOIN incident i ON i.incidentid = e.regardingobjectid JOIN contact c ON c.contactid = i.primarycontactid WHERE e.directioncode = 0 GROUP BY c.contactid, c.fullname ORDER BY mails DESC, days DESC, c.fullname
==
SELECT c.fullname, COUNT(*) AS mails, COUNT(DISTINCT date(e.createdon)) AS days FROM email e JOIN incident i ON i.incidentid = e.regardingobjectid JOIN contact c ON c.contactid = i.primarycontactid WHERE e.directioncode = 0 GROUP BY c.contactid, c.fullname ORDER BY mails DESC, days DESC, c.fullname COLLATE NOCASE LIMIT 10
---
-- Cases without a product, a contact or a note: how many of each, and of all three?
SELECT COUNT(*) - COUNT(productid) AS product, SUM(CASE WHEN primarycontactid IS NULL THEN 1 ELSE 0 END) AS contact, SUM(CASE WHEN n.k IS NULL THEN 1 ELSE 0 END) AS note, COUNT(*) AS cases FROM incident i LEFT JOIN (SELECT objectid, COUNT(*) AS k FROM annotation GROUP BY objectid) n ON n.objectid = i.incidentid
==
SELECT SUM(productid IS NULL) AS product, SUM(primarycontactid IS NULL) AS contact, SUM(NOT EXISTS (SELECT 1 FROM annotation n WHERE n.objectid = i.incidentid)) AS note, COUNT(*) AS cases FROM incident i
---
-- Which open cases are newer than every other of their customer, the table named by its own name inside?
SELECT ticketnumber FROM incident WHERE statecode = 0 AND NOT EXISTS (SELECT 1 FROM incident later WHERE later.customerid = incident.customerid AND later.createdon > incident.createdon) ORDER BY ticketnumber
==
SELECT ticketnumber FROM incident WHERE statecode = 0 AND NOT EXISTS (SELECT 1 FROM incident later WHERE later.customerid = incident.customerid AND later.createdon > incident.createdon) ORDER BY ticketnumber
