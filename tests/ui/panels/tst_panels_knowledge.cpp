// Knowledge by its keys, with nothing, with much, and with hostile text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <set>

#include "models/cell_text.h"
#include "models/knowledge_layout.h"
#include "models/knowledge_outline.h"
#include "panels/knowledge/fact_detail.h"
#include "panels/knowledge/fact_list.h"
#include "panels/knowledge/graph_view.h"
#include "panels/knowledge/knowledge_filter.h"
#include "panels/knowledge/knowledge_panel.h"
#include "panels/knowledge/outline_view.h"
#include "shown_strings.h"
#include "support/fake_operations.h"
#include "widgets/change_bar.h"
#include "widgets/pick_box.h"

using namespace aiops;
using model::NodeType;
using model::Relation;
using model::Standing;

namespace {

struct Bench {
  test::FakeOperations fake;
  theme::Theme theme{theme::Scheme::Light};
  std::unique_ptr<ui::EngineBridge> bridge;
  std::unique_ptr<ui::KnowledgePanel> panel;
  bool mayOperate = true;

  Bench() { known().page = test::shopKnowledge(); }
  test::FakeKnowledge& known() { return fake.fakeKnowledge; }
  void open() {
    bridge = std::make_unique<ui::EngineBridge>(fake, service::Caller{"tester", mayOperate, true, true});
    panel = std::make_unique<ui::KnowledgePanel>(theme, *bridge);
    panel->resize(1264, 780);
    panel->show();
    QVERIFY(QTest::qWaitForWindowActive(panel.get()));
    panel->activate({});
    QTRY_VERIFY(!known().asked.empty());
    QTest::qWait(20);
  }
  void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QWidget* focused = QApplication::focusWidget();
    QTest::keyClick(focused != nullptr ? focused : panel.get(), key, modifiers);
  }
  void choose(const char* node) {
    panel->graph().setCurrent(QString::fromLatin1(node));
    Q_EMIT panel->graph().chosen(QString::fromLatin1(node));
  }
  QStringList texts() const { return test::shownStrings(*panel); }
  bool shows(const QString& part) const { return !texts().filter(part).isEmpty(); }
};

std::string webFailedBy(const char* kind) {
  return model::factId({NodeType::Service, "web"}, Relation::FailedBy, {NodeType::Cause, kind});
}

}  // namespace

class TestPanelsKnowledge : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void nothingLearntSaysWhatWillAppear();
  void aFailureIsSaidInPlace();
  void theFilterAsksAndCanBeCleared();
  void arrowsWalkTheLines();
  void oTurnsItIntoAnOutline();
  void factsSayWhatTheyCountFor();
  void whatIsForgottenComesBackWithinTenSeconds();
  void cCorrectsInPlace();
  void withoutTheScopeNothingIsChanged();
  void incidentsAreOpened();
  void aRefreshMovesNothing();
  void moreThanCanBeDrawnIsCounted();
  void placesAreTheSameAgainAndDoNotOverlap();
  void itEndsWhileItHasTheFocus();
  void hostileText();
};

void TestPanelsKnowledge::nothingLearntSaysWhatWillAppear() {
  Bench bench;
  bench.known().page = model::KnowledgePage{};
  bench.open();
  QTRY_VERIFY(bench.shows(QStringLiteral("Nothing learnt yet. The first closed incident appears here.")));
  QVERIFY(!bench.panel->graph().isVisible() && !bench.panel->facts().isVisible());
  for (const auto key : {Qt::Key_O, Qt::Key_F, Qt::Key_C, Qt::Key_Delete, Qt::Key_Left, Qt::Key_J})
    bench.press(key);
  QVERIFY(bench.known().calls.empty());
}

void TestPanelsKnowledge::aFailureIsSaidInPlace() {
  Bench bench;
  bench.open();
  QTRY_VERIFY(bench.panel->graph().drawn() > 0);
  const auto drawn = bench.panel->graph().drawn();
  bench.known().page = base::fail(base::ErrorCode::Unavailable, "the engine is ending");
  bench.panel->activate({});
  QTRY_VERIFY(bench.shows(QStringLiteral("Not up to date: the engine is ending")));
  QCOMPARE(bench.panel->graph().drawn(), drawn);  // what was known stays
}

void TestPanelsKnowledge::theFilterAsksAndCanBeCleared() {
  Bench bench;
  bench.open();
  QTRY_VERIFY(bench.panel->graph().drawn() > 0);
  auto& filter = bench.panel->filter();
  QVERIFY(filter.service()->count() > 4);
  filter.kind()->setCurrentIndex(filter.kind()->findData(static_cast<int>(NodeType::Cause)));
  QTRY_VERIFY(bench.known().asked.back().type == NodeType::Cause);
  filter.service()->setCurrentIndex(1);
  QTRY_VERIFY(!bench.known().asked.back().service.empty());
  bench.press(Qt::Key_Slash);
  QVERIFY(filter.text()->hasFocus());
  bench.known().page = model::KnowledgePage{};
  QTest::keyClicks(filter.text(), QStringLiteral("of c"));  // letters are no keys while something is written
  QTRY_COMPARE(bench.known().asked.back().text, std::string("of c"));
  QTRY_VERIFY(bench.shows(QStringLiteral("Nothing known matches the filter.")));
  QVERIFY(!bench.panel->showsOutline());
  filter.clear();
  QTRY_VERIFY(bench.known().asked.back().text.empty() && !bench.known().asked.back().type);
  QVERIFY(filter.isEmpty());
}

void TestPanelsKnowledge::arrowsWalkTheLines() {
  Bench bench;
  bench.open();
  auto& graph = bench.panel->graph();
  QTRY_VERIFY(graph.drawn() > 0);
  graph.setFocus();
  bench.choose("service.web");
  bench.press(Qt::Key_Right);
  const auto joined = [&](const QString& a, const QString& b) {
    const auto page = *bench.known().page;
    return std::ranges::any_of(page.edges, [&](const auto& edge) {
      return (edge.source == a.toStdString() && edge.target == b.toStdString()) ||
             (edge.source == b.toStdString() && edge.target == a.toStdString());
    });
  };
  const QString right = graph.current();
  QVERIFY(right != QStringLiteral("service.web") && joined(QStringLiteral("service.web"), right));
  bench.press(Qt::Key_Left);
  QVERIFY(joined(right, graph.current()));
  bench.choose("service.web");
  bench.press(Qt::Key_Down);
  bench.press(Qt::Key_Up);
  QCOMPARE(graph.current(), QStringLiteral("service.web"));
  // The facts follow.
  for (int row = 0; row < bench.panel->facts().rowCount(); ++row) {
    QVERIFY(bench.panel->facts()
                .model()
                ->index(row, 0)
                .data(Qt::AccessibleTextRole)
                .toString()
                .contains(QStringLiteral("web")));
  }
  QCOMPARE(graph.accessibleRowCount(), static_cast<int>(graph.drawn()));
  QVERIFY(graph.accessibleRowText(graph.accessibleCurrentRow()).startsWith(QStringLiteral("web: service")));
  bench.press(Qt::Key_Escape);
  QVERIFY(graph.current().isEmpty());
}

void TestPanelsKnowledge::oTurnsItIntoAnOutline() {
  Bench bench;
  bench.open();
  QTRY_VERIFY(bench.panel->graph().drawn() > 0);
  bench.choose("cause.disk_full");
  bench.press(Qt::Key_O);
  QVERIFY(bench.panel->showsOutline() && bench.panel->outline().isVisible());
  QVERIFY(bench.panel->outline().hasFocus());
  QCOMPARE(bench.panel->outline().currentIndex().data().toString(), QStringLiteral("disk_full"));
  QVERIFY(bench.panel->outline().currentIndex().model()->hasChildren(bench.panel->outline().currentIndex()));
  bench.press(Qt::Key_O);
  QVERIFY(!bench.panel->showsOutline());
  QCOMPARE(bench.panel->graph().current(), QStringLiteral("cause.disk_full"));
}

void TestPanelsKnowledge::factsSayWhatTheyCountFor() {
  Bench bench;
  bench.known().around.causes = {{"web", "memory_limit_reached", 4, 4, 3.1}};
  bench.known().around.cures = {{"memory_limit_reached", "raise-memory-limit", 3, 1}};
  bench.known().around.neededBy = {"gateway"};
  bench.open();
  QTRY_VERIFY(bench.panel->graph().drawn() > 0);
  bench.choose("service.web");
  bench.panel->facts().selectId(QString::fromStdString(webFailedBy("memory_limit_reached")));
  QVERIFY(bench.shows(QStringLiteral("Used for diagnosis.")));
  bench.panel->facts().selectId(QString::fromStdString(webFailedBy("bad_deployment")));
  QVERIFY(bench.shows(QStringLiteral("Seen in 1 incident only: not used for diagnosis yet.")));
  QTRY_VERIFY(
      bench.shows(QStringLiteral("Its failures turned out to be memory_limit_reached (4 incidents).")));
  QVERIFY(bench.shows(QStringLiteral("raise-memory-limit worked 3 of 4")));
  QVERIFY(bench.shows(QStringLiteral("Needed by gateway.")));
}

void TestPanelsKnowledge::whatIsForgottenComesBackWithinTenSeconds() {
  Bench bench;
  bench.open();
  QTRY_VERIFY(bench.panel->graph().drawn() > 0);
  bench.choose("service.web");
  const auto id = webFailedBy("bad_deployment");
  bench.panel->facts().selectId(QString::fromStdString(id));
  const int before = bench.panel->facts().rowCount();
  bench.press(Qt::Key_Delete);
  QTRY_VERIFY(bench.panel->changes().isVisible());
  QCOMPARE(bench.known().calls.back(), "forgetFact tester " + id);
  QTRY_COMPARE(bench.panel->facts().rowCount(), before - 1);
  QVERIFY(bench.panel->changes().words().contains(QStringLiteral("web failed by bad_deployment")));
  bench.press(Qt::Key_Z, Qt::ControlModifier);
  QTRY_COMPARE(bench.known().calls.back(), "restoreFact tester " + id);
  QTRY_COMPARE(bench.panel->facts().rowCount(), before);
  // Why it failed is said, and nothing offers to take back what was not done.
  bench.known().changed = base::fail(base::ErrorCode::Conflict, "it is forgotten already");
  bench.press(Qt::Key_Delete);
  QTRY_VERIFY(bench.panel->changes().words().contains(QStringLiteral("forgotten already")));
  QVERIFY(!bench.panel->changes().undo());
}

void TestPanelsKnowledge::cCorrectsInPlace() {
  Bench bench;
  bench.open();
  QTRY_VERIFY(bench.panel->graph().drawn() > 0);
  bench.choose("service.web");
  const auto id = webFailedBy("bad_deployment");
  bench.panel->facts().selectId(QString::fromStdString(id));
  bench.press(Qt::Key_C);
  QVERIFY(bench.panel->detail().isCorrecting() && bench.panel->detail().instead()->hasFocus());
  QTest::keyClicks(bench.panel->detail().instead(), QStringLiteral("disk"));
  bench.panel->activate({});  // a refresh takes nothing that is being typed
  QTest::qWait(20);
  QCOMPARE(bench.panel->detail().instead()->text(), QStringLiteral("disk"));
  QTest::keyClick(bench.panel->detail().instead(), Qt::Key_Escape);
  QVERIFY(!bench.panel->detail().isCorrecting() && bench.known().judged.empty());
  bench.panel->facts().setFocus();
  bench.press(Qt::Key_C);
  QTest::keyClicks(bench.panel->detail().instead(), QStringLiteral("disk_full"));
  QTest::keyClick(bench.panel->detail().instead(), Qt::Key_Return);
  QTRY_COMPARE(bench.known().judged.size(), size_t(1));
  QVERIFY(bench.known().judged[0].standing == Standing::Wrong);
  QCOMPARE(bench.known().judged[0].target, std::string("disk_full"));
  QTRY_VERIFY(bench.shows(QStringLiteral("Called wrong: never used, whatever is learnt.")));
  bench.press(Qt::Key_Z, Qt::ControlModifier);
  QTRY_COMPARE(bench.known().judged.size(), size_t(3));  // of both facts
  QVERIFY(bench.known().judged[1].standing == Standing::Open &&
          bench.known().judged[2].standing == Standing::Open);
  QCOMPARE(bench.known().calls.back(), "judgeFact tester " + id);
}

void TestPanelsKnowledge::withoutTheScopeNothingIsChanged() {
  Bench bench;
  bench.mayOperate = false;
  bench.open();
  QTRY_VERIFY(bench.panel->graph().drawn() > 0);
  bench.choose("service.web");
  bench.press(Qt::Key_C);
  bench.press(Qt::Key_Delete);
  QVERIFY(!bench.panel->detail().isCorrecting() && bench.known().calls.empty());
}

void TestPanelsKnowledge::incidentsAreOpened() {
  Bench bench;
  bench.open();
  QTRY_VERIFY(bench.panel->graph().drawn() > 0);
  bench.choose("service.web");
  bench.panel->facts().selectId(QString::fromStdString(webFailedBy("memory_limit_reached")));
  QSignalSpy opened(bench.panel.get(), &ui::Panel::openIncident);
  bench.panel->facts().setFocus();
  bench.press(Qt::Key_Return);
  QCOMPARE(opened.size(), 1);
  QCOMPARE(opened[0][0].toString(), QStringLiteral("INC-0231"));
}

void TestPanelsKnowledge::aRefreshMovesNothing() {
  Bench bench;
  bench.open();
  auto& graph = bench.panel->graph();
  QTRY_VERIFY(graph.drawn() > 0);
  bench.choose("service.redis");
  bench.panel->facts().selectId(bench.panel->facts().model()->index(1, 0).data(Qt::UserRole).toString());
  const QString fact = bench.panel->facts().currentId();
  const auto transform = graph.transform();
  const auto before = bench.known().asked.size();
  bench.fake.change(service::Change::Knowledge);
  QTRY_VERIFY(bench.known().asked.size() > before);
  QTest::qWait(20);
  QCOMPARE(graph.current(), QStringLiteral("service.redis"));
  QCOMPARE(bench.panel->facts().currentId(), fact);
  QCOMPARE(graph.transform(), transform);
}

void TestPanelsKnowledge::moreThanCanBeDrawnIsCounted() {
  Bench bench;
  bench.known().page = test::manyNodes(94);  // 188 nodes
  bench.open();
  auto& graph = bench.panel->graph();
  QTRY_COMPARE(graph.hiddenNodes(), size_t(38));
  QStringList boxes;
  for (int row = 0; row < graph.accessibleRowCount(); ++row) boxes << graph.accessibleRowText(row);
  QCOMPARE(boxes.filter(QStringLiteral("that are not drawn")).size(), 2);  // of services and of causes
  // The outline has all of them.
  bench.press(Qt::Key_O);
  const auto* model = bench.panel->outline().model();
  int nodes = 0;
  for (int group = 0; group < model->rowCount(); ++group) nodes += model->rowCount(model->index(group, 0));
  QCOMPARE(nodes, 188);
}

void TestPanelsKnowledge::placesAreTheSameAgainAndDoNotOverlap() {
  for (const auto& page : {test::shopKnowledge(), test::manyNodes(94), model::KnowledgePage{}}) {
    const ui::KnowledgeLayout one(page), other(page);
    QCOMPARE(one.nodes().size(), other.nodes().size());
    std::set<std::string> ids;
    for (size_t i = 0; i < one.nodes().size(); ++i) {
      QCOMPARE(one.nodes()[i].box, other.nodes()[i].box);
      if (!one.nodes()[i].id.empty()) QVERIFY(ids.insert(one.nodes()[i].id).second);
      for (size_t j = 0; j < i; ++j) QVERIFY(!one.nodes()[i].box.intersects(one.nodes()[j].box));
    }
    QCOMPARE(ids.size() + one.hidden(), page.nodes.size());
  }
}

/// The focus leaves the graph while the panel ends.
void TestPanelsKnowledge::itEndsWhileItHasTheFocus() {
  for (int i = 0; i < 10; ++i) {
    Bench bench;
    bench.open();
    QTRY_VERIFY(bench.panel->graph().drawn() > 0);
    bench.panel->graph().setFocus();
    bench.choose("service.web");
    bench.panel.reset();
  }
}

void TestPanelsKnowledge::hostileText() {
  Bench bench;
  auto& page = *bench.known().page;
  page.nodes[0].label = test::kHostile;
  page.edges[0].note = test::kHostile;
  page.edges[0].by = test::kHostile;
  page.edges[0].judgedBy = test::kHostile;
  page.edges[0].standing = Standing::Holds;
  bench.known().around.dependsOn = {test::kHostile};
  bench.known().around.causes = {{"x", test::kHostile, 1, 1, 1}};
  bench.open();
  QTRY_VERIFY(bench.panel->graph().drawn() > 0);
  bench.choose(page.nodes[0].id.c_str());
  QTest::qWait(20);
  bench.press(Qt::Key_O);
  bench.known().changed = base::fail(base::ErrorCode::Conflict, test::kHostile);
  bench.press(Qt::Key_Delete);
  QTest::qWait(20);
  for (const QString& text : bench.texts()) {
    for (const QChar c : text) {
      QVERIFY2(c == u'\n' || c.category() != QChar::Other_Control, qPrintable(text));
      QVERIFY2(c.unicode() != 0x202e && c.unicode() != 0xfffd, qPrintable(text));
    }
  }
  QVERIFY(bench.shows(QStringLiteral("<b>rm</b>")));
}

QTEST_MAIN(TestPanelsKnowledge)
#include "tst_panels_knowledge.moc"
