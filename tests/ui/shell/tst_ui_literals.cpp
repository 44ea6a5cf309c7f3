// Colours come from the theme alone: no literal anywhere else under ui.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDirIterator>
#include <QRegularExpression>
#include <QtTest>

class TestUiLiterals : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void noColourLiteralOutsideTheTheme();
};

void TestUiLiterals::noColourLiteralOutsideTheTheme() {
  const QString root = QStringLiteral(AIOPS_SOURCE_DIR "/ui");
  const QRegularExpression literal(
      QStringLiteral("#[0-9a-fA-F]{6}\\b|QColor\\(|qRgb|0xff[0-9a-fA-F]{6}\\b|Qt::(red|blue|white|black)"));
  QStringList found;
  int looked = 0;
  QDirIterator files(root, {QStringLiteral("*.h"), QStringLiteral("*.cpp")}, QDir::Files,
                     QDirIterator::Subdirectories);
  while (files.hasNext()) {
    const QString path = files.next();
    if (path.startsWith(root + QStringLiteral("/theme/"))) continue;
    QFile file(path);
    QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(path));
    const auto match = literal.match(QString::fromUtf8(file.readAll()));
    if (match.hasMatch()) found << path + QStringLiteral(": ") + match.captured();
    ++looked;
  }
  QVERIFY(looked > 20);
  QVERIFY2(found.isEmpty(), qPrintable(found.join(QLatin1Char('\n'))));
}

QTEST_GUILESS_MAIN(TestUiLiterals)
#include "tst_ui_literals.moc"
