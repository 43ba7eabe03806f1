-- What was dropped to keep the database within a size.

ALTER TABLE capture ADD COLUMN wire_dropped INTEGER; -- when the bytes of the wire were; NULL: they were not
ALTER TABLE body ADD COLUMN dropped INTEGER;         -- when the body was; its zstd is then empty. NULL: it was not

CREATE INDEX capture_wire ON capture (id) WHERE wire IS NOT NULL;
