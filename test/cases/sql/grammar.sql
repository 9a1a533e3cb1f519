SELECT title FROM incident WHERE createdon > @since
---
SELECT @n = title FROM incident
---
DECLARE @n INT; SELECT 1
---
SELECT title FROM crm.dbo.incident
---
SELECT crm.dbo.incident.title FROM incident
---
SELECT title FROM server.crm.dbo.incident
---
SELECT dbo.open_cases(1) FROM incident
---
SELECT description.value('/a', 'int') FROM incident
---
SELECT (SELECT title).length FROM incident
---
SELECT title FROM incident TABLESAMPLE (10 PERCENT)
---
SELECT title FROM incident FOR SYSTEM_TIME AS OF '2026-01-01'
---
SELECT title FROM incident GROUP BY ALL title
---
WITH XMLNAMESPACES ('urn:x' AS x) SELECT title FROM incident
---
SELECT title FROM incident WHERE CONTAINS((title, description), 'fan')
---
SELECT title FROM incident WHERE MATCH(a-(b)->c)
---
SELECT title FROM incident WHERE REGEXP_LIKE(title, '^a')
---
SELECT title FROM OPENQUERY(other, 'SELECT 1') AS q
---
SELECT title FROM CONTAINSTABLE(incident, title, 'fan') AS k
---
SELECT title FROM @cases AS c
---
SELECT title FROM (DELETE FROM incident OUTPUT deleted.title) AS gone
---
SELECT NEXT VALUE FOR numbers
---
SELECT NEXT VALUE FROM numbers
---
SELECT $rowguid FROM incident
---
SELECT TOP 5 WITH TIES title FROM incident
---
SELECT title FROM incident EXCEPT ALL SELECT name FROM account
---
SELECT 1 WHERE statecode IS DISTINCT FROM ANY (SELECT 1)
---
SELECT title FROM incident FOR BROWSE
---
SELECT title INTO copy FROM incident
---
SELECT title FROM incident; SELECT name FROM account
---
SELECT title FROM incident DELETE FROM incident
---
sp_who 'active'
---
EXEC sp_who
---
WITH x AS (SELECT title FROM incident) UPDATE x SET title = ''
---
(SELECT TOP 5 title FROM incident ORDER BY title) UNION ALL SELECT name FROM account
---
SELECT * FROM (SELECT title FROM incident ORDER BY title) AS t
---
SELECT * FROM (WITH x AS (SELECT 1 AS n) SELECT n FROM x) AS t
---
SELECT * FROM (SELECT title FROM incident)
---
SELECT * FROM (incident)
---
SELECT title FROM incident i JOIN account a
---
SELECT title FROM incident CROSS JOIN account ON 1 = 1
---
SELECT title FROM incident OUTER JOIN account ON 1 = 1
---
SELECT title FROM incident WITH (NOLOK)
---
SELECT title FROM incident OPTION (RECOMPIL)
---
SELECT title FROM incident OPTION (MAXDOP)
---
SELECT title FROM incident WHERE title
---
SELECT title = 1 AND 2 FROM incident
---
SELECT (statecode = 0) FROM incident
---
SELECT title FROM incident WHERE statecode == 0
---
SELECT title FROM incident WHERE statecode => 0
---
SELECT title FROM incident WHERE title IN ()
---
SELECT title FROM incident WHERE title NOT NULL
---
SELECT title FROM incident WHERE title IS DISTINCT title
---
SELECT title FROM incident WHERE EXISTS incident
---
SELECT COUNT(DISTINCT title, statecode) FROM incident
---
SELECT COUNT(DISTINCT title) OVER (PARTITION BY statecode) FROM incident
---
SELECT SUM(1) OVER (ORDER BY title RANGE 3 PRECEDING) FROM incident
---
SELECT SUM(1) OVER (ORDER BY title ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM incident
---
SELECT CASE statecode WHEN 0 THEN 'open' FROM incident
---
SELECT CAST(title, INT) FROM incident
---
SELECT CAST(title AS INT(4)) FROM incident
---
SELECT COALESCE(title) FROM incident
---
SELECT TRIM(LEADING 'x', title) FROM incident
---
SELECT JSON_OBJECT('id', incidentid) FROM incident
---
SELECT title FROM incident LIMIT 10 OFFSET 5
---
SELECT title FROM incident ORDER BY title OFFSET 5
---
SELECT title FROM incident WHERE title = 'O'Brien'
---
SELECT title FROM `incident`
---
SELECT title AS from FROM incident
---
SELECT title, FROM incident
---
SELECT title FROM incident WHERE (statecode = 0
