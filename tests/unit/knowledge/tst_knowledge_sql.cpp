// What is read out of SQL, plans and slow statements, and that nothing else gets into what is proposed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "knowledge/index_need.h"
#include "knowledge/slow_statement.h"

using namespace aiops::knowledge;

namespace {

SqlConditions conditions(const std::string& text) {
  const auto tokens = sqlTokens(text);
  return sqlConditions(tokens);
}

/// "customer_id=, created_at<": what is usable, in order.
std::string usable(const std::string& text) {
  std::string out;
  for (const auto& condition : conditions(text).usable) {
    const char* use[] = {"=", "<", "%", "^"};
    out += (out.empty() ? "" : ", ") +
           (condition.column.qualifier.empty() ? "" : condition.column.qualifier + ".") +
           condition.column.name + use[static_cast<int>(condition.use)] +
           (condition.other ? condition.other->qualifier + "." + condition.other->name : "");
  }
  return out;
}

std::string index(const std::string& sql, SqlDialect dialect = SqlDialect::PostgreSql) {
  const auto need = needOfStatement(readStatement(sql));
  return need.refusal.empty() ? createIndex(need, dialect).value_or("refused") : "no: " + need.refusal;
}

const std::string kPlan =
    "plan:\n"
    "\tQuery Text: SELECT o.id, o.total FROM shop.orders o\n"
    "\t WHERE o.customer_id = 42 AND o.status = 'open'\n"
    "\t ORDER BY o.created_at DESC LIMIT 10\n"
    "\tLimit  (cost=24541.17..24541.20 rows=10 width=20) (actual time=1503.1..1503.2 rows=10 loops=1)\n"
    "\t  ->  Sort  (cost=24541.17..24541.22 rows=20 width=20) (actual time=1503.0..1503.1 rows=10 loops=1)\n"
    "\t        Sort Key: created_at DESC\n"
    "\t        Sort Method: top-N heapsort  Memory: 26kB\n"
    "\t        ->  Seq Scan on shop.orders o  (cost=0.00..24540.00 rows=20 width=20) (actual "
    "time=2.0..1502.9 "
    "rows=24 loops=1)\n"
    "\t              Filter: ((customer_id = 42) AND ((status)::text = 'open'::text))\n"
    "\t              Rows Removed by Filter: 999976\n";

}  // namespace

class TestKnowledgeSql : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void refusesNamesThatAreNotPlain_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("quote") << QByteArray("a\"; DROP TABLE users; --");
    QTest::newRow("backtick") << QByteArray("a`b");
    QTest::newRow("space") << QByteArray("order items");
    QTest::newRow("line") << QByteArray("a\nb");
    QTest::newRow("digit first") << QByteArray("1a");
    QTest::newRow("not ASCII") << QByteArray("größe");
    QTest::newRow("right to left mark") << QByteArray("a\u202e");
    QTest::newRow("zero byte") << QByteArray("a\0b", 3);
    QTest::newRow("too long") << QByteArray(64, 'a');
  }
  void refusesNamesThatAreNotPlain() {
    QFETCH(QByteArray, name);
    for (const auto dialect : {SqlDialect::PostgreSql, SqlDialect::MySql})
      QVERIFY(!quotedSqlName(name.toStdString(), dialect));
  }
  void quotesPlainNames() {
    QCOMPARE(*quotedSqlName("Order_1", SqlDialect::PostgreSql), "\"Order_1\"");
    QCOMPARE(*quotedSqlName("user", SqlDialect::MySql), "`user`");
  }

  void readsConditions_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* text, const char* expected) { QTest::newRow(text) << text << expected; };
    row("(customer_id = 42)", "customer_id=");
    row("((a = 1) AND (b > '2026-01-01'::timestamp without time zone))", "a=, b<");
    row("42 = a", "a=");
    row("((status)::text = 'open'::text)", "status=");
    row("o.customer_id = $1 and o.total between 1 and 5", "o.customer_id=, o.total<");
    row("\"Order\".\"Id\" = 7", "Order.Id=");
    row("a = ANY ('{1,2,3}'::integer[])", "a=");
    row("a IN (1, 2, 3)", "a=");
    row("a IS NULL", "a=");
    row("a IS NOT NULL", "");
    row("a <> 1", "");
    row("NOT (a = 1)", "");
    row("NOT a = 1 AND b = 2", "b=");
    row("a NOT IN (1, 2)", "");
    row("(name ~~ 'abc%'::text)", "name%");
    row("name LIKE 'abc'", "name=");
    row("name LIKE '%abc'", "");
    row("lower(email) = 'x'", "");
    row("(created_at)::date = '2026-01-01'::date", "");
    row("a + 1 = 5", "");
    row("a > now() - interval '1 day'", "a<");
    row("(created_at > (now() - '1 day'::interval))", "created_at<");
    row("a = 1 OR a = 2", "a=");
    row("a = 1 OR b = 2", "");
    row("(a = 1 OR b = 2) AND c = 3", "c=");
    row("a = 1 OR (a = 2 AND b = 3)", "");
    row("a = (SELECT max(x) FROM t)", "");
    row("a IN (SELECT x FROM t) AND b = 1", "b=");
    row("EXISTS (SELECT 1 FROM t) AND b = 1", "b=");
    row("(NOT (hashed SubPlan 1)) AND (b = 1)", "b=");
    row("o.customer_id = c.id", "o.customer_id=c.id");
    row("a < b", "");
    row("CASE WHEN a = 1 THEN 2 ELSE 3 END = 2 AND b = 1", "b=");
    row("data ->> 'x' = '1' AND b = 1", "b=");
    row("tags[1] = 5", "");
    row("a = ALL ('{1}'::int[])", "");
    row("a = 1 AND", "");
    row("a = = 1", "");
    row("(a = 1", "");
    row("a = 1; DROP TABLE x", "");
  }
  void readsConditions() {
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(QString::fromStdString(usable(text.toStdString())), expected);
  }
  void saysWhatNoIndexServes() {
    QVERIFY(conditions("a = 1 OR b = 2").unusable.front().find("OR") != std::string::npos);
    QVERIFY(conditions("lower(email) = 'x'").unusable.front().find("expression") != std::string::npos);
    QVERIFY(conditions("name LIKE '%x'").unusable.front().find("trigram") != std::string::npos);
    QVERIFY(!conditions("(a = 1").understood);
  }
  void boundsNesting() {
    const std::string deep = std::string(100'000, '(') + "a = 1" + std::string(100'000, ')');
    QVERIFY(!conditions(deep).understood);
    std::string many = "a = 1";
    for (int i = 0; i < 3000; ++i) many += " AND a = 1";
    const auto tokens = sqlTokens(many);
    QVERIFY(tokens.size() <= kMostSqlTokens);
    sqlConditions(tokens);
  }
  void survivesRandomText() {
    std::mt19937 random(7);
    const std::string pieces[] = {
        "(",  ")",    "a",  ".",  "=",       "AND ",  "OR ",    "NOT ", "'x",    "'",  "\"",   "$1",
        "::", "text", "[",  "]",  "IN ",     "IS ",   "NULL ",  ",",    "--",    "/*", "`",    "CASE ",
        "1e", "$$",   "x'", "->", "SELECT ", "FROM ", "WHERE ", "ON ",  "JOIN ", "\n", "any ", "%"};
    for (int round = 0; round < 4000; ++round) {
      std::string text = round % 2 == 0 ? "SELECT * FROM t WHERE " : "";
      for (int i = 0; i < 25; ++i) text += pieces[random() % std::size(pieces)];
      conditions(text);
      const auto statement = readStatement(text);
      const auto need = needOfStatement(statement);
      if (const auto made = createIndex(need, SqlDialect::PostgreSql)) {
        QVERIFY(made->find('\'') == std::string::npos && made->find("--") == std::string::npos);
        QCOMPARE(std::ranges::count(*made, ';'), 1);
      }
      sqlFingerprint(text);
      readQueryPlan(text);
      readSlowStatement("duration: 1.5 ms  plan:" + text);
    }
  }

  void proposesFromStatements_data() {
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* sql, const char* expected) { QTest::newRow(sql) << sql << expected; };
    row("SELECT * FROM orders WHERE customer_id = 42",
        "CREATE INDEX CONCURRENTLY ON \"orders\" (\"customer_id\");");
    row("select * from shop.orders o where o.created_at > $1 and o.state = $2",
        "CREATE INDEX CONCURRENTLY ON \"shop\".\"orders\" (\"state\", \"created_at\");");
    row("SELECT * FROM orders WHERE a = 1 ORDER BY b DESC, c LIMIT 5",
        "CREATE INDEX CONCURRENTLY ON \"orders\" (\"a\", \"b\" DESC, \"c\");");
    row("SELECT * FROM orders WHERE a > 1 ORDER BY b", "CREATE INDEX CONCURRENTLY ON \"orders\" (\"a\");");
    row("SELECT * FROM names WHERE name LIKE 'ab%'",
        "CREATE INDEX CONCURRENTLY ON \"names\" (\"name\" text_pattern_ops);");
    row("UPDATE stock SET n = n - 1 WHERE sku = 'x'", "CREATE INDEX CONCURRENTLY ON \"stock\" (\"sku\");");
    row("DELETE FROM stock WHERE sku = 'x'", "CREATE INDEX CONCURRENTLY ON \"stock\" (\"sku\");");
    row("SELECT * FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.state = 'open' AND o.day = "
        "3",
        "CREATE INDEX CONCURRENTLY ON \"orders\" (\"state\", \"day\");");
    row("SELECT * FROM orders WHERE id = 1",
        "no: it looks for orders.id, which most likely is the key and has an index");
    row("SELECT * FROM \"Order; DROP TABLE x\" WHERE a = 1", "refused");
    row("SELECT * FROM t WHERE \"a\"\"b\" = 1", "refused");
    row("SELECT 1", "no: the statement reads no table");
    row("SELECT * FROM a WHERE x = 1 UNION SELECT * FROM b", "no: the statement is made of several queries");
    row("WITH x AS (SELECT 1) SELECT * FROM x WHERE a = 1",
        "no: it is no SELECT, UPDATE or DELETE over plain tables");
    row("SELECT * FROM (SELECT * FROM t) x WHERE a = 1", "no: the statement reads from another query");
    row("SELECT * FROM t", "no: the statement has no condition");
    row("INSERT INTO t VALUES (1)", "no: it is no SELECT, UPDATE or DELETE over plain tables");
    row("COMMIT", "no: it is no SELECT, UPDATE or DELETE over plain tables");
  }
  void proposesFromStatements() {
    QFETCH(QString, sql);
    QFETCH(QString, expected);
    QCOMPARE(QString::fromStdString(index(sql.toStdString())), expected);
  }
  void proposesForMysql() {
    QCOMPARE(index("SELECT * FROM `orders` WHERE `customer_id` = 1", SqlDialect::MySql),
             std::string("ALTER TABLE `orders` ADD INDEX (`customer_id`), ALGORITHM=INPLACE, LOCK=NONE;"));
  }

  void readsATextPlan() {
    const auto slow =
        readSlowStatement("2026-11-22 20:35:23.062 UTC [110] app@shop LOG:  duration: 1503.250 ms  " + kPlan);
    QVERIFY(slow && slow->plan);
    QCOMPARE(slow->milliseconds, 1503.25);
    QVERIFY(slow->sql.starts_with("SELECT o.id"));
    QCOMPARE(slow->plan->nodes.size(), size_t(3));
    QCOMPARE(slow->plan->nodes[2].parent, 1);
    const auto needs = needsOfPlan(*slow->plan);
    QCOMPARE(needs.size(), size_t(1));
    QCOMPARE(needs[0].rowsRead, 1'000'000.0);
    QCOMPARE(needs[0].rowsThrownAway, 999'976.0);
    QCOMPARE(*createIndex(needs[0], SqlDialect::PostgreSql),
             std::string("CREATE INDEX CONCURRENTLY ON \"shop\".\"orders\" (\"customer_id\", \"status\", "
                         "\"created_at\" DESC);"));
    QVERIFY(needs[0].notes.front().find("text") != std::string::npos);
  }
  void aPlanThatIsCutOffMidwayIsNoProposal() {
    const auto cut = kPlan.substr(0, kPlan.find("999976"));
    const auto plan = readQueryPlan(cut.substr(5));
    QVERIFY(plan);
    QVERIFY(needsOfPlan(*plan).empty());
    QVERIFY(!readQueryPlan("{\"Query Text\": \"SELECT 1\", \"Plan\": {\"Node Ty"));
    QVERIFY(!readQueryPlan(std::string(100'000, '[')));
  }
  void readsAJsonPlan() {
    const std::string json =
        R"json({"Query Text": "SELECT * FROM t WHERE a = 1", "Plan": {"Node Type": "Gather", "Plans": [
      {"Node Type": "Seq Scan", "Parallel Aware": true, "Relation Name": "t", "Alias": "t", "Actual Rows": 3, "Actual Loops": 3,
       "Filter": "(a = 1)", "Rows Removed by Filter": 333330}]}})json";
    const auto slow = readSlowStatement("LOG:  duration: 900.1 ms  plan:\n\t" + json);
    QVERIFY(slow && slow->plan);
    const auto needs = needsOfPlan(*slow->plan);
    QCOMPARE(needs.size(), size_t(1));
    QCOMPARE(needs[0].rowsRead, 999'999.0);
    QCOMPARE(*createIndex(needs[0], SqlDialect::PostgreSql),
             std::string("CREATE INDEX CONCURRENTLY ON \"t\" (\"a\");"));
  }
  void aScanThatGivesMostOfItsRowsNeedsNoIndex() {
    const auto needs = [](const std::string& figures, const std::string& removed) {
      const auto plan = readQueryPlan("\tSeq Scan on t  (cost=0.00..1.00 rows=1 width=4)" + figures +
                                      "\n\t  Filter: (a = 1)\n" + removed);
      return plan ? needsOfPlan(*plan).size() : 99;
    };
    QCOMPARE(needs(" (actual time=0.0..1.0 rows=90000 loops=1)", "\t  Rows Removed by Filter: 10000"),
             size_t(0));
    QCOMPARE(needs(" (actual time=0.0..1.0 rows=1 loops=1)", "\t  Rows Removed by Filter: 100"), size_t(0));
    QCOMPARE(needs(" (actual rows=1 loops=1)", "\t  Rows Removed by Filter: 100000"), size_t(1));
    QCOMPARE(needs("", ""), size_t(1));  // not measured: a note says so
  }
  void partitionsAndServedIndexesAreRefused() {
    const auto parts = readQueryPlan(
        "Append  (cost=0.00..1.00 rows=1 width=4) (actual time=0.0..1.0 rows=2 loops=1)\n"
        "  ->  Seq Scan on orders_1  (cost=0.00..1.00 rows=1 width=4) (actual time=0.0..1.0 rows=1 loops=1)\n"
        "        Filter: (a = 1)\n        Rows Removed by Filter: 100000\n"
        "  ->  Seq Scan on orders_2  (cost=0.00..1.00 rows=1 width=4) (actual time=0.0..1.0 rows=1 loops=1)\n"
        "        Filter: (a = 1)\n        Rows Removed by Filter: 100000\n");
    QVERIFY(parts);
    auto needs = needsOfPlan(*parts);
    QCOMPARE(needs.size(), size_t(1));
    QVERIFY(needs[0].refusal.find("partition") != std::string::npos);
    const auto served = readQueryPlan(
        "Index Scan using i on t  (cost=0.00..1.00 rows=1 width=4) (actual time=0.0..1.0 rows=1 loops=1)\n"
        "  Index Cond: (a = 1)\n  Filter: (b = 2)\n  Rows Removed by Filter: 100000\n");
    needs = needsOfPlan(*served);
    QCOMPARE(needs.size(), size_t(1));
    QCOMPARE(*createIndex(needs[0], SqlDialect::PostgreSql),
             std::string("CREATE INDEX CONCURRENTLY ON \"t\" (\"a\", \"b\");"));
  }
  void aNestedLoopNeedsTheJoinedColumn() {
    const auto plan = readQueryPlan(
        "Nested Loop  (cost=0.00..1.00 rows=1 width=4) (actual time=0.0..1.0 rows=50 loops=1)\n"
        "  Join Filter: (o.customer_id = c.id)\n  Rows Removed by Join Filter: 999950\n"
        "  ->  Seq Scan on customers c  (cost=0.00..1.00 rows=1 width=4) (actual time=0.0..1.0 rows=100 "
        "loops=1)\n"
        "  ->  Seq Scan on orders o  (cost=0.00..1.00 rows=1 width=4) (actual time=0.0..1.0 rows=10000 "
        "loops=100)\n");
    QVERIFY(plan);
    const auto needs = needsOfPlan(*plan);
    QCOMPARE(needs.size(), size_t(1));
    QCOMPARE(*createIndex(needs[0], SqlDialect::PostgreSql),
             std::string("CREATE INDEX CONCURRENTLY ON \"orders\" (\"customer_id\");"));
  }

  void readsSlowEntries() {
    auto slow = readSlowStatement(
        "2026-11-22 20:35:23 UTC [1] LOG:  duration: 1198.307 ms  execute <unnamed>: SELECT *\n\tFROM t "
        "WHERE a = $1\n"
        "2026-11-22 20:35:23 UTC [1] DETAIL:  parameters: $1 = '42'");
    QVERIFY(slow);
    QCOMPARE(slow->sql, std::string("SELECT *\n\tFROM t WHERE a = $1"));
    slow = readSlowStatement(
        "# Time: 2026-07-20T18:13:25.698433Z\n# User@Host: root[root] @ localhost [127.0.0.1]  Id:     3\n"
        "# Query_time: 3.003464  Lock_time: 0.000324 Rows_sent: 1  Rows_examined: 2000000\n"
        "use shop;\nSET timestamp=1469038405;\nSELECT * FROM orders WHERE customer_id = 7;");
    QVERIFY(slow && slow->dialect == SqlDialect::MySql);
    QCOMPARE(slow->milliseconds, 3003.464);
    QCOMPARE(slow->sql, std::string("SELECT * FROM orders WHERE customer_id = 7"));
    QCOMPARE(slow->database, std::string("shop"));
    QCOMPARE(*slow->rowsExamined, 2e6);
    QVERIFY(readSlowStatement(R"({"timestamp":"x","message":"duration: 1500.5 ms  statement: SELECT 1"})"));
    QVERIFY(!readSlowStatement("2026-11-22 LOG:  duration: soon"));
    QVERIFY(!readSlowStatement("checkpoint complete"));
    QVERIFY(!readSlowStatement(""));
  }

  void fingerprintsAsPtQueryDigestDoes() {
    const auto folder = qEnvironmentVariable("AIOPS_EVAL");
    std::ifstream cases(folder.toStdString() + "/peers/percona_mysql/fingerprints_dev.jsonl");
    if (!cases) QSKIP("no evaluation data: set AIOPS_EVAL");
    std::string line;
    int all = 0, same = 0;
    while (std::getline(cases, line)) {
      const auto one = nlohmann::json::parse(line);
      const auto ours = sqlFingerprint(one.at("query").get<std::string>());
      auto theirs = one.at("fingerprint").get<std::string>();
      while (theirs.ends_with(' ')) theirs.pop_back();
      ++all;
      if (ours == theirs) {
        ++same;
      } else {
        qInfo("%s: '%s', theirs is '%s'", one.at("desc").get<std::string>().c_str(), ours.c_str(),
              theirs.c_str());
      }
    }
    QVERIFY(all > 10);
    qInfo("%d of %d are the same", same, all);
    QVERIFY(same >= all - 2);
  }
  void fingerprintsHideValues() {
    QCOMPARE(sqlFingerprint("SELECT * FROM t WHERE a = 'x''y' AND b IN (1,2, 3) -- z"),
             std::string("select * from t where a = ? and b in (?+)"));
    QCOMPARE(sqlFingerprint("INSERT INTO t (a) VALUES (1), (2)"),
             std::string("insert into t (a) values (?+)"));
    QCOMPARE(sqlFingerprint("SELECT $$secret$$, $1, E'it\\'s'"), std::string("select ?, ?, ?"));
    QCOMPARE(sqlFingerprint("SELECT 'never closed"), std::string("select ?"));
  }
};

QTEST_GUILESS_MAIN(TestKnowledgeSql)
#include "tst_knowledge_sql.moc"
