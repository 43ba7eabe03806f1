-- When to look again goes by an article's age.

ALTER TABLE article ADD COLUMN published INTEGER; -- as its first version states it

UPDATE article
SET published = (SELECT v.published FROM version v WHERE v.article = article.id AND v.n = 1);
