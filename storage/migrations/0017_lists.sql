-- What lists show of the versions of a change, without their texts: the two of a
-- change stand next to each other.
CREATE INDEX version_head ON version (article, n, headline, lang);

-- The changes of an article's headline, to find those under test among them.
CREATE INDEX change_headline ON change (article, id, seen_by) WHERE ours = 0 AND instr(kinds, '"headline"') > 0;
