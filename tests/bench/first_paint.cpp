// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/first_paint.h"

#include <csignal>

#include <QGuiApplication>
#include <QImage>
#include <QPixmap>
#include <QScreen>
#include <QTemporaryDir>

#include "faults/child.h"

namespace aiops::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLook{2}, kLongest{20'000};

bool isBlack() {
  QScreen* screen = QGuiApplication::primaryScreen();
  const QPoint middle = screen->geometry().center();
  const QImage image = screen->grabWindow(0, middle.x() - 40, middle.y() - 2, 80, 4).toImage();
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      if ((image.pixel(x, y) & 0x00ffffff) != 0) return false;
    }
  }
  return true;
}

}  // namespace

milliseconds firstPaint(const std::vector<std::string>& argv,
                        const std::map<std::string, std::string>& environment) {
  if (!test::eventually(isBlack, milliseconds(10'000))) return milliseconds(-1);
  const QTemporaryDir folder;
  const auto output = std::filesystem::path(folder.path().toStdString()) / "output";
  const auto start = steady_clock::now();
  test::Child child({argv, environment, output});
  milliseconds taken{-1};
  while (steady_clock::now() - start < kLongest && child.alive()) {
    if (!isBlack()) {
      taken = std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
      break;
    }
    test::pause(kLook);
  }
  child.signal(SIGTERM);
  child.waitForEnd(milliseconds(10'000));
  return taken;
}

}  // namespace aiops::bench
