-- What version 0.1 wrote: four people, three documents, three conversations, seven corrections. Made by that version
-- itself, then given ids that can be read; without vectors.

INSERT INTO people (id, name, name_key, role, password_hash, is_active, created_at) VALUES
  ('ada', 'Ada', 'ada', 'admin', '$argon2id$v=19$m=65536,t=3,p=4$4YY2VSxwLWl1qJpSrP62qg$xlldhAz6o4zgpZ0G8eSdV2JNtzagaIdOE6pQtcKJFrw', 1, '2026-11-20T09:01:00.000000+00:00'),
  ('eve', 'Eve', 'eve', 'expert', '$argon2id$v=19$m=65536,t=3,p=4$4YY2VSxwLWl1qJpSrP62qg$xlldhAz6o4zgpZ0G8eSdV2JNtzagaIdOE6pQtcKJFrw', 1, '2026-11-20T09:03:00.000000+00:00'),
  ('mel', 'Mel', 'mel', 'member', '$argon2id$v=19$m=65536,t=3,p=4$4YY2VSxwLWl1qJpSrP62qg$xlldhAz6o4zgpZ0G8eSdV2JNtzagaIdOE6pQtcKJFrw', 1, '2026-11-20T09:05:00.000000+00:00'),
  ('oli', 'Oli', 'oli', 'member', '$argon2id$v=19$m=65536,t=3,p=4$4YY2VSxwLWl1qJpSrP62qg$xlldhAz6o4zgpZ0G8eSdV2JNtzagaIdOE6pQtcKJFrw', 0, '2026-11-20T09:07:00.000000+00:00');

INSERT INTO login_sessions (token_hash, person_id, created_at, expires_at) VALUES
  ('1806a1dd3a4d1e096fb648e0e99ecbc7b658cc72fe3fea1692f59befa37a9fa8', 'mel', '2026-11-20T09:15:00.000000+00:00', '2026-12-04T09:15:00.000000+00:00');

INSERT INTO api_keys (id, person_id, key_hash, created_at) VALUES
  ('key-mel', 'mel', 'f58163bf64ee381434946aceae9140183989fa069bc12dd012154775f986c8ed', '2026-11-20T09:10:00.000000+00:00');

INSERT INTO setup_links (id, token_hash, created_at) VALUES
  (1, '2121fd4dc0681fbf89e95d91af5f8dcf52d2686841d82228f871a8c8144a4651', '2026-11-20T09:00:00.000000+00:00');

INSERT INTO files (sha256, content) VALUES
  ('303b330a340483a6086417d727f2b33344ac014bd4936113cb68f98754e58a37', X'23204f70656e696e6720686f7572730a0a546865206d757365756d20697320636c6f736564206f6e204d6f6e646179732e204f6e206f746865722064617973206974206f70656e732061742074656e2e0a0a23204c6f636b6572730a0a4c6f636b6572732074616b65206120636f696e206f66206f6e65206575726f2e0a'),
  ('81586727e7e19ff61b1484210bbe112707a61a49c153c24a4370b505fb9c901b', X'2320e582a8e789a9e69f9c0a0ae582a8e789a9e69f9ce99c80e8a681e4b880e69e9ae4b880e6aca7e58583e79a84e7a1ace5b881e380820a'),
  ('07bcbca5e5cff5eadb6a3578850bb9413f9bfd2406d9210b0c25b7f78449889a', X'6e6f74206120706466');

INSERT INTO documents (id, name, reach, sha256, size_bytes, state, error_code, error_params, created_at) VALUES
  ('museum', 'museum.md', 'everyone', '303b330a340483a6086417d727f2b33344ac014bd4936113cb68f98754e58a37', 126, 'ready', NULL, NULL, '2026-11-20T09:16:00.000000+00:00'),
  ('notes', 'notes.md', 'person:mel', '81586727e7e19ff61b1484210bbe112707a61a49c153c24a4370b505fb9c901b', 56, 'ready', NULL, NULL, '2026-11-20T09:18:00.000000+00:00'),
  ('wrong', 'wrong.pdf', 'everyone', '07bcbca5e5cff5eadb6a3578850bb9413f9bfd2406d9210b0c25b7f78449889a', 9, 'failed', 'document_other_type', '{"name": "wrong.pdf", "extension": ".pdf", "found": "text", "types": ".md, .txt, .html, .htm, .pdf, .docx"}', '2026-11-20T09:20:00.000000+00:00');

INSERT INTO passages (id, document_id, position, heading, page, words, text, embedder, vector) VALUES
  (1, 'museum', 0, 'Opening hours', NULL, 8, 'The museum is closed on Mondays. On other days it opens at ten.', 'an earlier one', NULL),
  (2, 'museum', 1, 'Lockers', NULL, 6, 'Lockers take a coin of one euro.', 'an earlier one', NULL),
  (3, 'notes', 0, '储物柜', NULL, 7, '储物柜需要一枚一欧元的硬币。', 'an earlier one', NULL);

INSERT INTO passages_fts (rowid, words) VALUES
  (1, 'open hour museum close mondai dai open ten'),
  (2, 'locker locker take coin on euro'),
  (3, '储物柜 储物柜 需要 一枚 一 欧元 硬币');

INSERT INTO sentences (id, passage_id, start, "end", vector) VALUES
  (1, 1, 0, 32, NULL),
  (2, 1, 33, 63, NULL),
  (3, 2, 0, 32, NULL),
  (4, 3, 0, 14, NULL);

INSERT INTO memory_keys (id, correction_id, text, normal, sign, reach, valid_until, embedder, vector) VALUES
  (1, 'open-mondays', 'Is the museum open on Mondays?', 'is the museum open on mondays', 1, 'everyone', NULL, 'an earlier one', NULL),
  (2, 'open-sundays', 'Is the museum open on Mondays? And on Sundays?', 'is the museum open on mondays? and on sundays', 1, 'person:mel', NULL, 'an earlier one', NULL),
  (5, 'locker-coin', 'What do lockers take?', 'what do lockers take', 1, 'everyone', NULL, 'an earlier one', NULL);

INSERT INTO index_changes (seq, collection, item_id, added) VALUES
  (1, 'passages', 1, 1),
  (2, 'passages', 2, 1),
  (3, 'passages', 3, 1),
  (4, 'memory', 1, 1),
  (5, 'memory', 1, 1),
  (6, 'memory', 2, 1),
  (7, 'memory', 3, 1),
  (8, 'memory', 3, 0),
  (9, 'memory', 4, 1),
  (10, 'memory', 4, 0),
  (11, 'memory', 5, 1),
  (12, 'memory', 6, 1),
  (13, 'memory', 6, 0);

INSERT INTO conversations (id, person_id, title, created_at, updated_at) VALUES
  ('chat-mel', 'mel', 'Is the museum open on Mondays?', '2026-11-20T09:23:00.000000+00:00', '2026-11-20T09:27:00.000000+00:00'),
  ('chat-eve', 'eve', 'What do lockers take?', '2026-11-20T09:29:00.000000+00:00', '2026-11-20T09:29:00.000000+00:00'),
  ('chat-mel-2', 'mel', 'Is the museum open on Mondays?', '2026-11-20T09:52:00.000000+00:00', '2026-11-20T09:52:00.000000+00:00');

INSERT INTO turns (id, conversation_id, position, question, standalone, is_follow_up, reach, language, answer, decision, confidence, reasons, correction_id, model, adapter, completion_tokens, memory_seq, is_stopped, retry_of, created_at) VALUES
  ('turn-1', 'chat-mel', 0, 'Is the museum open on Mondays?', 'Is the museum open on Mondays?', 0, 'everyone', 'en', 'The museum is closed on Mondays. [1]', 'grounded', 0.9999521482312159, '["why.quoted", "why.only_quotes"]', NULL, 'echo', NULL, 4, 0, 0, NULL, '2026-11-20T09:23:00.000000+00:00'),
  ('turn-2', 'chat-mel', 1, 'And on Sundays?', 'Is the museum open on Mondays? And on Sundays?', 1, 'everyone', 'en', 'The museum is closed on Mondays. [1]', 'grounded', 0.9838276404981633, '["why.quoted", "why.only_quotes"]', NULL, 'echo', NULL, 4, 0, 0, NULL, '2026-11-20T09:25:00.000000+00:00'),
  ('turn-3', 'chat-mel', 2, 'And on Sundays?', 'Is the museum open on Mondays? And on Sundays?', 1, 'everyone', 'en', 'The museum is closed on Mondays. [1]', 'grounded', 0.9838276404981633, '["why.quoted", "why.only_quotes"]', NULL, 'echo', NULL, 4, 0, 0, 'turn-2', '2026-11-20T09:27:00.000000+00:00'),
  ('turn-4', 'chat-eve', 0, 'What do lockers take?', 'What do lockers take?', 0, 'everyone', 'en', 'Lockers take a coin of one euro. [1]', 'grounded', 0.9999592026333526, '["why.quoted", "why.only_quotes"]', NULL, 'echo', NULL, 4, 0, 0, NULL, '2026-11-20T09:29:00.000000+00:00'),
  ('turn-5', 'chat-mel-2', 0, 'Is the museum open on Mondays?', 'Is the museum open on Mondays?', 0, 'everyone', 'en', 'On Mondays it is open for groups, from 12:00.', 'corrected', 1.0, '["why.same_words"]', 'open-mondays', NULL, NULL, 0, 13, 0, NULL, '2026-11-20T09:52:00.000000+00:00');

INSERT INTO turn_sources (turn_id, n, document_id, document, reach, passage_id, heading, page, quote, start, "end") VALUES
  ('turn-1', 1, 'museum', 'museum.md', 'everyone', 1, 'Opening hours', NULL, 'The museum is closed on Mondays.', 0, 32),
  ('turn-2', 1, 'museum', 'museum.md', 'everyone', 1, 'Opening hours', NULL, 'The museum is closed on Mondays.', 0, 32),
  ('turn-3', 1, 'museum', 'museum.md', 'everyone', 1, 'Opening hours', NULL, 'The museum is closed on Mondays.', 0, 32),
  ('turn-4', 1, 'museum', 'museum.md', 'everyone', 2, 'Lockers', NULL, 'Lockers take a coin of one euro.', 0, 32);

INSERT INTO corrections (id, turn_id, author_id, kind, state, reach, question, normal_question, answer, "before", original_question, original_answer, invisible_at, reviewer_id, review_reason, withdrawn_by, superseded_by, created_at, decided_at) VALUES
  ('open-mondays', 'turn-1', 'mel', 'fact', 'live', 'everyone', 'Is the museum open on Mondays?', 'is the museum open on mondays', 'On Mondays it is open for groups, from 12:00.', 'The museum is closed on Mondays. [1]', NULL, NULL, '[]', 'eve', NULL, NULL, NULL, '2026-11-20T09:32:00.000000+00:00', '2026-11-20T09:34:00.000000+00:00'),
  ('open-sundays', 'turn-2', 'mel', 'fact', 'pending', 'everyone', 'Is the museum open on Mondays? And on Sundays?', 'is the museum open on mondays? and on sundays', 'On Sundays it opens at nine.', 'The museum is closed on Mondays. [1]', NULL, NULL, '[]', NULL, NULL, NULL, NULL, '2026-11-20T09:36:00.000000+00:00', NULL),
  ('free-ticket', NULL, 'mel', 'fact', 'rejected', 'everyone', 'How much is a ticket?', 'how much is a ticket', 'Nothing.', NULL, NULL, NULL, '[]', 'eve', 'A ticket is nine euros.', NULL, NULL, '2026-11-20T09:38:00.000000+00:00', '2026-11-20T09:40:00.000000+00:00'),
  ('locker-token', NULL, 'eve', 'fact', 'superseded', 'everyone', 'What do lockers take?', 'what do lockers take', 'A token from the desk.', NULL, NULL, NULL, '[]', NULL, NULL, NULL, 'locker-coin', '2026-11-20T09:42:00.000000+00:00', '2026-11-20T09:42:00.000000+00:00'),
  ('locker-coin', NULL, 'eve', 'fact', 'live', 'everyone', 'What do lockers take?', 'what do lockers take', 'A coin of two euros.', NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, '2026-11-20T09:44:00.000000+00:00', '2026-11-20T09:44:00.000000+00:00'),
  ('lift', NULL, 'eve', 'style', 'live', 'everyone', 'Is there a lift?', 'is there a lift', 'Yes, gladly: behind the desk.', NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, '2026-11-20T09:46:00.000000+00:00', '2026-11-20T09:46:00.000000+00:00'),
  ('shop', NULL, 'eve', 'fact', 'withdrawn', 'everyone', 'Where is the shop?', 'where is the shop', 'On floor one.', NULL, NULL, NULL, '[]', NULL, NULL, 'eve', NULL, '2026-11-20T09:48:00.000000+00:00', '2026-11-20T09:48:00.000000+00:00');

INSERT INTO ratings (turn_id, person_id, rating, reason, comment, created_at) VALUES
  ('turn-1', 'mel', 'down', 'wrong_fact', 'It opens for groups.', '2026-11-20T09:30:00.000000+00:00'),
  ('turn-4', 'eve', 'up', NULL, NULL, '2026-11-20T09:31:00.000000+00:00');

INSERT INTO lessons (correction_id, created_at) VALUES
  ('open-mondays', '2026-11-20T09:32:00.000000+00:00'),
  ('open-sundays', '2026-11-20T09:36:00.000000+00:00'),
  ('locker-coin', '2026-11-20T09:44:00.000000+00:00'),
  ('lift', '2026-11-20T09:46:00.000000+00:00');

INSERT INTO audit_entries (seq, at, actor_id, act, object_type, object_id, details, previous_hash, hash) VALUES
  (1, '2026-11-20T09:02:00.000000+00:00', NULL, 'person_added', 'person', 'ada', '{"by": "command line", "name": "Ada", "role": "admin"}', '0000000000000000000000000000000000000000000000000000000000000000', '5b82d93db864fbdcb5e4a00c505a39ab4b6fec4ab2c62a60e87dba8313283454'),
  (2, '2026-11-20T09:04:00.000000+00:00', NULL, 'person_added', 'person', 'eve', '{"by": "command line", "name": "Eve", "role": "expert"}', '5b82d93db864fbdcb5e4a00c505a39ab4b6fec4ab2c62a60e87dba8313283454', '6efef5b3de0520e738569f0eac20cdbe5dde064672512b5558658f90a29eb0bd'),
  (3, '2026-11-20T09:06:00.000000+00:00', NULL, 'person_added', 'person', 'mel', '{"by": "command line", "name": "Mel", "role": "member"}', '6efef5b3de0520e738569f0eac20cdbe5dde064672512b5558658f90a29eb0bd', 'f925f706e912b9d3ada058aaabb7cbcaeae9e80f4d188c421d4b503958e9c23d'),
  (4, '2026-11-20T09:08:00.000000+00:00', NULL, 'person_added', 'person', 'oli', '{"by": "command line", "name": "Oli", "role": "member"}', 'f925f706e912b9d3ada058aaabb7cbcaeae9e80f4d188c421d4b503958e9c23d', '7f17bc93d686171f8aa7994625e5c08e97ac3b83a4057d9007217fd8dbf97fa4'),
  (5, '2026-11-20T09:09:00.000000+00:00', NULL, 'person_disabled', 'person', 'oli', '{"by": "command line"}', '7f17bc93d686171f8aa7994625e5c08e97ac3b83a4057d9007217fd8dbf97fa4', 'c09254ba5d6d3033f0295d010fe87e391bc3d13cb3079242ca1255b7d924d0fa'),
  (6, '2026-11-20T09:11:00.000000+00:00', NULL, 'key_made', 'person', 'mel', '{"by": "command line", "key_id": "key-mel"}', 'c09254ba5d6d3033f0295d010fe87e391bc3d13cb3079242ca1255b7d924d0fa', '4e1eb130f7cf1320fe8990412227de8d7b4c0acf033f53092965cf4ddc9fa88d'),
  (7, '2026-11-20T09:14:00.000000+00:00', 'mel', 'signed_in', 'person', 'mel', '{}', '4e1eb130f7cf1320fe8990412227de8d7b4c0acf033f53092965cf4ddc9fa88d', '43509bc9ba2341d1c339e14c324ff418e5bd5f7ffd6e1da328d1beeac8213c8d'),
  (8, '2026-11-20T09:17:00.000000+00:00', 'eve', 'document_added', 'document', 'museum', '{"name": "museum.md", "reach": "everyone"}', '43509bc9ba2341d1c339e14c324ff418e5bd5f7ffd6e1da328d1beeac8213c8d', '164de0a5f9c5c5a4f0653378bc58e3d5d1a7662f718421de1381b24eb7e9a11a'),
  (9, '2026-11-20T09:19:00.000000+00:00', 'mel', 'document_added', 'document', 'notes', '{"name": "notes.md", "reach": "person:mel"}', '164de0a5f9c5c5a4f0653378bc58e3d5d1a7662f718421de1381b24eb7e9a11a', '82ff9a793e1435f9872a23254e52e5197ed84a08acac79bda5b06f8f33577e27'),
  (10, '2026-11-20T09:21:00.000000+00:00', 'eve', 'document_added', 'document', 'wrong', '{"name": "wrong.pdf", "reach": "everyone"}', '82ff9a793e1435f9872a23254e52e5197ed84a08acac79bda5b06f8f33577e27', '3a9d7f4ed58f5b2e7dcd51bb6ff8fd475bf2a45b9c88b40e49c6dc5b091669d3'),
  (11, '2026-11-20T09:30:00.000000+00:00', 'mel', 'turn_rated', 'turn', 'turn-1', '{"rating": "down", "reason": "wrong_fact"}', '3a9d7f4ed58f5b2e7dcd51bb6ff8fd475bf2a45b9c88b40e49c6dc5b091669d3', '0efef8625926d443db3671fa8e415857e9a6b8e3781116144bc9941b6bf462b9'),
  (12, '2026-11-20T09:31:00.000000+00:00', 'eve', 'turn_rated', 'turn', 'turn-4', '{"rating": "up", "reason": null}', '0efef8625926d443db3671fa8e415857e9a6b8e3781116144bc9941b6bf462b9', '1d665670b6b9bed26c6f5f077e8eaf5670f199872f82ac0253aaba150d127ade'),
  (13, '2026-11-20T09:33:00.000000+00:00', 'mel', 'correction_submitted', 'correction', 'open-mondays', '{"state": "pending", "reach": "everyone", "reason": null, "superseded": []}', '1d665670b6b9bed26c6f5f077e8eaf5670f199872f82ac0253aaba150d127ade', '9c60a2e66232ee192f93908c7c36ad3eda540f50fd598f447ebf69f3db282fbf'),
  (14, '2026-11-20T09:35:00.000000+00:00', 'eve', 'correction_approved', 'correction', 'open-mondays', '{"state": "live", "reach": "everyone", "reason": null, "superseded": []}', '9c60a2e66232ee192f93908c7c36ad3eda540f50fd598f447ebf69f3db282fbf', '0af2b29d5717e47cdfaaa7a08a85258ec66fb2148a7b8cc97d48cfaa113be62f'),
  (15, '2026-11-20T09:37:00.000000+00:00', 'mel', 'correction_submitted', 'correction', 'open-sundays', '{"state": "pending", "reach": "everyone", "reason": null, "superseded": []}', '0af2b29d5717e47cdfaaa7a08a85258ec66fb2148a7b8cc97d48cfaa113be62f', '8ccf378d1bb8922dad55190d748a689464ee7614bde46d6ed78bca2a3f344b7a'),
  (16, '2026-11-20T09:39:00.000000+00:00', 'mel', 'correction_submitted', 'correction', 'free-ticket', '{"state": "pending", "reach": "everyone", "reason": null, "superseded": []}', '8ccf378d1bb8922dad55190d748a689464ee7614bde46d6ed78bca2a3f344b7a', 'b1597370f78cffc6e2318482112893d15cff083faed89d0fbebc5c3fd8095e8d'),
  (17, '2026-11-20T09:41:00.000000+00:00', 'eve', 'correction_rejected', 'correction', 'free-ticket', '{"state": "rejected", "reach": "everyone", "reason": "A ticket is nine euros.", "revived": []}', 'b1597370f78cffc6e2318482112893d15cff083faed89d0fbebc5c3fd8095e8d', 'f25c22b74238d38fc474a61aacbdb4e067f32aaa35b5177fbb22390d5bddcd3f'),
  (18, '2026-11-20T09:43:00.000000+00:00', 'eve', 'correction_submitted', 'correction', 'locker-token', '{"state": "live", "reach": "everyone", "reason": null, "superseded": []}', 'f25c22b74238d38fc474a61aacbdb4e067f32aaa35b5177fbb22390d5bddcd3f', '2680fdb5034f0c5b67b9ccc543039a254b498014153841ae77ae10c9a750b200'),
  (19, '2026-11-20T09:45:00.000000+00:00', 'eve', 'correction_submitted', 'correction', 'locker-coin', '{"state": "live", "reach": "everyone", "reason": null, "superseded": ["locker-token"]}', '2680fdb5034f0c5b67b9ccc543039a254b498014153841ae77ae10c9a750b200', '13cd739041055f139b135dcca2afc8c5cc69d76827294b4c8c993cf03e176af2'),
  (20, '2026-11-20T09:47:00.000000+00:00', 'eve', 'correction_submitted', 'correction', 'lift', '{"state": "live", "reach": "everyone", "reason": null, "superseded": []}', '13cd739041055f139b135dcca2afc8c5cc69d76827294b4c8c993cf03e176af2', '4c51a95862354a9f00205126a125bb0245c48d2f7f45870404abb90b991852ba'),
  (21, '2026-11-20T09:49:00.000000+00:00', 'eve', 'correction_submitted', 'correction', 'shop', '{"state": "live", "reach": "everyone", "reason": null, "superseded": []}', '4c51a95862354a9f00205126a125bb0245c48d2f7f45870404abb90b991852ba', '51e19f1929e8ee31dcb1cb0180669516196d88f93f24399a4bb09a69f4feaa34'),
  (22, '2026-11-20T09:50:00.000000+00:00', 'eve', 'correction_withdrawn', 'correction', 'shop', '{"state": "withdrawn", "reach": "everyone", "reason": null}', '51e19f1929e8ee31dcb1cb0180669516196d88f93f24399a4bb09a69f4feaa34', '014057fac54482ef2369f4aff12aeae774444351111fa29fb691d81bd9b7fad7');
