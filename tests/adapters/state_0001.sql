BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE bands (
	band BIGINT NOT NULL, 
	seq BIGINT NOT NULL, 
	PRIMARY KEY (band, seq)
)
 WITHOUT ROWID

;
CREATE TABLE dirty (
	feed_id TEXT NOT NULL, 
	since BIGINT NOT NULL, 
	PRIMARY KEY (feed_id)
)
 WITHOUT ROWID

;
CREATE TABLE entries (
	seq INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	source_id TEXT NOT NULL, 
	title TEXT, 
	link TEXT, 
	guid TEXT, 
	date_text TEXT, 
	published_at BIGINT NOT NULL, 
	published_offset INTEGER NOT NULL, 
	precision TEXT NOT NULL, 
	basis TEXT NOT NULL, 
	updated_at BIGINT NOT NULL, 
	first_seen BIGINT NOT NULL, 
	position INTEGER NOT NULL, 
	summary TEXT NOT NULL, 
	content TEXT, 
	more TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (id)
);
INSERT INTO "entries" VALUES(1,'tag:example.org,2018:1','psg','A mine','http://example.org/1',NULL,NULL,1517054400000000,0,'day','written',1517054400000000,1517054400000000,0,'',NULL,'');
CREATE TABLE feeds (
	id TEXT NOT NULL, 
	atom_id TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	last BIGINT NOT NULL, 
	archive_size INTEGER NOT NULL, 
	archived INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "feeds" VALUES('all','tag:a',1517054400000000,1,4,0);
INSERT INTO "feeds" VALUES('mines','tag:m',1517054400000000,1,4,0);
CREATE TABLE keys (
	source_id TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	entry_id TEXT NOT NULL, 
	PRIMARY KEY (source_id, "key")
)
 WITHOUT ROWID

;
INSERT INTO "keys" VALUES('psg','link:1','tag:example.org,2018:1');
CREATE TABLE members (
	feed_id TEXT NOT NULL, 
	number BIGINT NOT NULL, 
	seq BIGINT NOT NULL, 
	published_at BIGINT NOT NULL, 
	leader BIGINT, 
	PRIMARY KEY (feed_id, number)
)
 WITHOUT ROWID

;
INSERT INTO "members" VALUES('all',1,1,1517054400000000,NULL);
INSERT INTO "members" VALUES('mines',1,1,1517054400000000,NULL);
CREATE TABLE revisions (
	seq INTEGER NOT NULL, 
	entry_id TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	field TEXT NOT NULL, 
	old TEXT NOT NULL, 
	new TEXT NOT NULL, 
	PRIMARY KEY (seq)
);
CREATE TABLE sources (
	id TEXT NOT NULL, 
	title TEXT NOT NULL, 
	configured_url TEXT NOT NULL, 
	is_configured BOOLEAN NOT NULL, 
	url TEXT, 
	etag TEXT, 
	last_modified TEXT, 
	body_hash TEXT, 
	rule_hash TEXT, 
	day_first BOOLEAN, 
	learned TEXT DEFAULT '' NOT NULL, 
	expectation TEXT DEFAULT '' NOT NULL, 
	accept_next BOOLEAN NOT NULL, 
	failures INTEGER NOT NULL, 
	next_due BIGINT, 
	visited_at BIGINT, 
	succeeded_at BIGINT, 
	changed_at BIGINT, 
	outcome TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "sources" VALUES('psg','PSG','http://example.org/',1,NULL,NULL,NULL,NULL,NULL,NULL,'','',0,0,1517054400000000,NULL,NULL,NULL,NULL);
CREATE TABLE topics (
	id TEXT NOT NULL, 
	title TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	evaluated_to BIGINT, 
	removed_at BIGINT, 
	PRIMARY KEY (id)
);
INSERT INTO "topics" VALUES('mines','Mines','1',0,NULL);
CREATE TABLE visits (
	seq INTEGER NOT NULL, 
	source_id TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	code TEXT NOT NULL, 
	items INTEGER NOT NULL, 
	new INTEGER NOT NULL, 
	updated INTEGER NOT NULL, 
	milliseconds INTEGER NOT NULL, 
	PRIMARY KEY (seq)
);
CREATE INDEX sources_by_due ON sources (next_due);
CREATE INDEX entries_of_source ON entries (source_id, published_at, seq);
CREATE INDEX entries_by_date ON entries (published_at, seq);
CREATE INDEX keys_by_entry ON keys (entry_id);
CREATE INDEX revisions_of_entry ON revisions (entry_id);
CREATE INDEX members_by_date ON members (feed_id, published_at, seq);
CREATE UNIQUE INDEX members_of_entry ON members (seq, feed_id);
CREATE INDEX members_by_leader ON members (leader) WHERE leader IS NOT NULL;
CREATE INDEX visits_of_source ON visits (source_id, seq);
COMMIT;
