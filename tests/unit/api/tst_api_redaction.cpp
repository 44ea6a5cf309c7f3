// What findings and tallies say has no secret in it when it leaves over HTTP.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <nlohmann/json.hpp>

#include "api/json_edge.h"
#include "model/incident.h"

using namespace aiops;

class TestApiRedaction : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void findingsAreRedacted() {
    const std::string secret = "password=Tr0ub4dor-and-3-zebras";
    model::Diagnosis diagnosis;
    diagnosis.findings = {
        {.type = "missing_index",
         .service = "db",
         .title = "title " + secret,
         .fields = {{"statement", "select 1 " + secret}},
         .text = "text " + secret,
         .evidence = {{.evidence = {.text = "line " + secret}, .reason = "why " + secret}}}};
    nlohmann::json json = diagnosis;
    api::redactTexts(json, security::Redactor());
    const auto text = json.dump();
    QVERIFY2(text.find("zebras") == std::string::npos, text.c_str());
    QVERIFY(text.find("statement") != std::string::npos);
    QVERIFY(json["findings"][0]["type"] == "missing_index");
  }
  void talliesAreRedacted() {
    model::Event event;
    event.tally = {
        {.value = "password=Tr0ub4dor-and-3-zebras", .count = 3, .with = {"token=Tr0ub4dor-and-3-zebras"}}};
    nlohmann::json json = event;
    api::redactTexts(json, security::Redactor());
    QVERIFY2(json.dump().find("zebras") == std::string::npos, json.dump().c_str());
    QVERIFY(json["tally"][0]["count"] == 3);
  }
};

QTEST_GUILESS_MAIN(TestApiRedaction)
#include "tst_api_redaction.moc"
