// Requests that no honest client sends, or that two programs could read differently, and what each must get.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace aiops::test {

enum class After { Closed, Open };

/// `bytes` with @HOST and @KEY put in. Status 0: closed without an answer.
struct Malformed {
  std::string_view name;
  std::string bytes;
  int status;
  After after = After::Closed;
};

/// A GET of /status with a key and further header lines.
inline std::string getWith(const std::string& lines) {
  return "GET /status HTTP/1.1\r\nHost: @HOST\r\nAuthorization: Bearer @KEY\r\n" + lines + "\r\n";
}
/// A POST with a key and a JSON type.
inline std::string postWith(const std::string& lines, const std::string& body) {
  return "POST /automation/stop HTTP/1.1\r\nHost: @HOST\r\nAuthorization: Bearer @KEY\r\n"
         "Content-Type: application/json\r\n" +
         lines + "\r\n" + body;
}
inline std::string postBody(const std::string& body) {
  return postWith("Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}
inline std::string lineWith(const std::string& line) {
  return line + "\r\nHost: @HOST\r\nAuthorization: Bearer @KEY\r\n\r\n";
}
inline std::string repeated(const std::string& text, size_t times) {
  std::string result;
  for (size_t i = 0; i < times; ++i) result += text;
  return result;
}

inline std::vector<Malformed> malformedCorpus() {
  using namespace std::string_literals;
  const auto a = [](size_t n) { return std::string(n, 'a'); };
  return {
      // Not HTTP at all.
      {"TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400},
      {"zero bytes", "\0\0\0\0\r\n\r\n"s, 400},
      {"high bytes", "\xff\xfe\xfd\r\n\r\n", 400},
      {"empty lines first", "\r\n\r\nGET /health HTTP/1.1\r\nHost: @HOST\r\n\r\n", 400},
      {"space first", " GET /health HTTP/1.1\r\nHost: @HOST\r\n\r\n", 400},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"SSH banner", "SSH-2.0-OpenSSH_9.2\r\n\r\n", 400},
      {"Redis command", "*1\r\n$4\r\nPING\r\n\r\n", 400},
      // The request line.
      {"no version (HTTP/0.9)", "GET /health\r\n\r\n", 400},
      {"method alone", "GET\r\n\r\n", 400},
      {"HTTP/2.0", lineWith("GET /status HTTP/2.0"), 505},
      {"HTTP/1.2", lineWith("GET /status HTTP/1.2"), 505},
      {"HTTP/0.9 spelled out", lineWith("GET /status HTTP/0.9"), 505},
      {"lower case version", lineWith("GET /status http/1.1"), 400},
      {"long version", lineWith("GET /status HTTP/1.10"), 400},
      {"two spaces before the version", lineWith("GET /status  HTTP/1.1"), 400},
      {"two spaces before the target", lineWith("GET  /status HTTP/1.1"), 400},
      {"tab for space", lineWith("GET\t/status\tHTTP/1.1"), 400},
      {"space in the target", lineWith("GET /sta tus HTTP/1.1"), 400},
      {"space after the version", lineWith("GET /status HTTP/1.1 "), 400},
      {"method with a bracket", lineWith("GE(T /status HTTP/1.1"), 400},
      {"method of 40 letters", lineWith(std::string(40, 'G') + " /status HTTP/1.1"), 400},
      {"absolute target", lineWith("GET http://evil.example/status HTTP/1.1"), 400},
      {"authority target", lineWith("CONNECT evil.example:443 HTTP/1.1"), 400},
      {"asterisk target", lineWith("OPTIONS * HTTP/1.1"), 400},
      {"target without slash", lineWith("GET status HTTP/1.1"), 400},
      {"target with high bytes", lineWith("GET /st\xc3\xa4tus HTTP/1.1"), 400},
      {"NUL in the target", lineWith("GET /sta\0tus HTTP/1.1"s), 400},
      {"escape in the target", lineWith("GET /sta\x1btus HTTP/1.1"), 400},
      {"target of 3 kB", lineWith("GET /" + a(3000) + " HTTP/1.1"), 414},
      {"target of 9 kB", lineWith("GET /" + a(9000) + " HTTP/1.1"), 414},
      {"dot segments", lineWith("GET /fixes/../status HTTP/1.1"), 400, After::Open},
      {"encoded dot segments", lineWith("GET /fixes/%2e%2E/status HTTP/1.1"), 400, After::Open},
      {"encoded slash", lineWith("GET /fixes%2fx HTTP/1.1"), 400, After::Open},
      {"encoded NUL", lineWith("GET /status%00 HTTP/1.1"), 400, After::Open},
      {"encoded line end", lineWith("GET /status%0d%0aX:1 HTTP/1.1"), 400, After::Open},
      {"broken escape", lineWith("GET /status%zz HTTP/1.1"), 400, After::Open},
      {"cut escape", lineWith("GET /status%4 HTTP/1.1"), 400, After::Open},
      {"back slash", lineWith("GET /..\\status HTTP/1.1"), 400, After::Open},
      {"fragment", lineWith("GET /status#x HTTP/1.1"), 400, After::Open},
      {"key in the query", lineWith("GET /status?api_key=x HTTP/1.1"), 400, After::Open},
      {"key as any value", lineWith("GET /fixes?limit=@KEY HTTP/1.1"), 400, After::Open},
      {"query name twice", lineWith("GET /fixes?limit=1&limit=2 HTTP/1.1"), 400, After::Open},
      {"unknown query name", lineWith("GET /fixes?limits=1 HTTP/1.1"), 400, After::Open},
      {"limit of words", lineWith("GET /fixes?limit=all HTTP/1.1"), 400, After::Open},
      {"limit too large", lineWith("GET /fixes?limit=501 HTTP/1.1"), 400, After::Open},
      {"limit negative", lineWith("GET /fixes?limit=-1 HTTP/1.1"), 400, After::Open},
      {"before overflows", lineWith("GET /fixes?before=18446744073709551616 HTTP/1.1"), 400, After::Open},
      // Lines and fields.
      {"bare LF everywhere", "GET /status HTTP/1.1\nHost: @HOST\nAuthorization: Bearer @KEY\n\n", 400},
      {"bare LF in one line", getWith("X-A: 1\nX-B: 2\r\n"), 400},
      {"bare CR in a value", getWith("X-A: 1\r2\r\n"), 400},
      {"CR CR LF", getWith("X-A: 1\r\r\n"), 400},
      {"folded line", getWith("X-A: 1\r\n 2\r\n"), 400},
      {"fold first", "GET /status HTTP/1.1\r\n Host: @HOST\r\n\r\n", 400},
      {"space before the colon", getWith("X-A : 1\r\n"), 400},
      {"no colon", getWith("nonsense\r\n"), 400},
      {"no name", getWith(": 1\r\n"), 400},
      {"bracket in a name", getWith("X(A): 1\r\n"), 400},
      {"NUL in a value", getWith("X-A: 1\0\r\n"s), 400},
      {"DEL in a value", getWith("X-A: 1\x7f\r\n"), 400},
      {"high byte in a name", getWith("X-\xc3\xa4: 1\r\n"), 400},
      {"65 fields", getWith(repeated("X-A: 1\r\n", 63)), 431},
      {"header of 9 kB", getWith("X-A: " + a(9000) + "\r\n"), 431},
      {"header of 100 kB", getWith(repeated("X-A: " + a(1000) + "\r\n", 100)), 431},
      // Host, origin, authorization.
      {"no Host", "GET /health HTTP/1.1\r\n\r\n", 400},
      {"no Host in HTTP/1.0", "GET /health HTTP/1.0\r\n\r\n", 400},
      {"two Hosts", "GET /health HTTP/1.1\r\nHost: @HOST\r\nHost: @HOST\r\n\r\n", 400},
      {"empty Host", "GET /health HTTP/1.1\r\nHost:\r\n\r\n", 421, After::Open},
      {"foreign Host", "GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, After::Open},
      {"Host without port", "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 421, After::Open},
      {"Host with a user", "GET /health HTTP/1.1\r\nHost: x@@HOST\r\n\r\n", 421, After::Open},
      {"Host list", "GET /health HTTP/1.1\r\nHost: @HOST, evil.example\r\n\r\n", 421, After::Open},
      {"Origin", getWith("Origin: https://evil.example\r\n"), 403, After::Open},
      {"Origin null", getWith("Origin: null\r\n"), 403, After::Open},
      {"Origin of our own address", getWith("Origin: http://@HOST\r\n"), 403, After::Open},
      {"two Authorizations", getWith("Authorization: Bearer x\r\n"), 400},
      // The length of the body.
      {"two equal lengths", postWith("Content-Length: 2\r\nContent-Length: 2\r\n", "{}"), 400},
      {"two lengths", postWith("Content-Length: 2\r\nContent-Length: 3\r\n", "{} "), 400},
      {"list of lengths", postWith("Content-Length: 2, 2\r\n", "{}"), 400},
      {"signed length", postWith("Content-Length: +2\r\n", "{}"), 400},
      {"negative length", postWith("Content-Length: -1\r\n", "{}"), 400},
      {"hexadecimal length", postWith("Content-Length: 0x2\r\n", "{}"), 400},
      {"length with a fraction", postWith("Content-Length: 2.0\r\n", "{}"), 400},
      {"empty length", postWith("Content-Length:\r\n", "{}"), 400},
      {"length above 64 bits", postWith("Content-Length: 99999999999999999999\r\n", "{}"), 413},
      {"length above the limit", postWith("Content-Length: 2000000\r\n", "{}"), 413},
      {"length and chunked", postWith("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
       400},
      {"chunked and length", postWith("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "0\r\n\r\n"),
       400},
      {"xchunked", postWith("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 400},
      {"gzip, chunked", postWith("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 400},
      {"chunked, identity", postWith("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), 400},
      {"chunked twice", postWith("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
       400},
      {"empty transfer coding", postWith("Transfer-Encoding:\r\n", "0\r\n\r\n"), 400},
      {"vertical tab before chunked",
       postWith("Transfer-Encoding: \x0b"
                "chunked\r\n",
                "0\r\n\r\n"),
       400},
      {"chunked in HTTP/1.0",
       "POST /automation/stop HTTP/1.0\r\nHost: @HOST\r\nAuthorization: Bearer @KEY\r\n"
       "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"body on a GET", getWith("Content-Length: 2\r\n") + "{}", 413},
      {"chunked body on a GET", getWith("Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", 413},
      {"no length where one is needed",
       "POST /fixes/FIX-0087/approve HTTP/1.1\r\nHost: @HOST\r\n"
       "Authorization: Bearer @KEY\r\nContent-Type: application/json\r\n\r\n",
       411, After::Open},
      // Chunks.
      {"chunk size of words", postWith("Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n"), 400},
      {"chunk size overflows", postWith("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n{}"), 400},
      {"chunk above the limit", postWith("Transfer-Encoding: chunked\r\n", "100000\r\n{}"), 413},
      {"negative chunk", postWith("Transfer-Encoding: chunked\r\n", "-2\r\n{}\r\n0\r\n\r\n"), 400},
      {"chunk longer than said", postWith("Transfer-Encoding: chunked\r\n", "1\r\n{}\r\n0\r\n\r\n"), 400},
      {"chunk line with bare LF", postWith("Transfer-Encoding: chunked\r\n", "2\n{}\r\n0\r\n\r\n"), 400},
      {"last chunk with bare LF", postWith("Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\n\r\n\r\n"), 400},
      {"chunk extension of 100 kB",
       postWith("Transfer-Encoding: chunked\r\n", "2;" + a(100000) + "\r\n{}\r\n"), 400},
      {"chunks above the limit together",
       postWith("Transfer-Encoding: chunked\r\n", repeated("1000\r\n" + std::string(4096, ' ') + "\r\n", 5)),
       413},
      // What the body is.
      {"no type",
       "POST /automation/stop HTTP/1.1\r\nHost: @HOST\r\nAuthorization: Bearer @KEY\r\n"
       "Content-Length: 2\r\n\r\n{}",
       415},
      {"form type",
       "POST /automation/stop HTTP/1.1\r\nHost: @HOST\r\nAuthorization: Bearer @KEY\r\n"
       "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
       415},
      {"foreign charset",
       "POST /automation/stop HTTP/1.1\r\nHost: @HOST\r\nAuthorization: Bearer @KEY\r\n"
       "Content-Type: application/json; charset=utf-16\r\nContent-Length: 2\r\n\r\n{}",
       415},
      {"compressed", postWith("Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}"), 415},
      {"other expectation", postWith("Expect: a-miracle\r\nContent-Length: 2\r\n", "{}"), 417},
      {"not JSON", postBody("reason=x"), 400, After::Open},
      {"cut JSON", postBody("{\"reason\":"), 400, After::Open},
      {"JSON and more", postBody("{}{}"), 400, After::Open},
      {"JSON array", postBody("[]"), 400, After::Open},
      {"JSON key twice", postBody("{\"reason\":\"a\",\"reason\":\"b\"}"), 400, After::Open},
      {"JSON 65 deep", postBody("{\"a\":" + std::string(64, '[') + std::string(64, ']') + "}"), 400,
       After::Open},
      {"JSON 8000 deep", postBody(std::string(8000, '[')), 400, After::Open},
      {"JSON not UTF-8", postBody("{\"reason\":\"\xff\"}"), 400, After::Open},
      {"JSON number overflows", postBody("{\"reason\":1e999}"), 400, After::Open},
      {"JSON unknown member", postBody("{\"raeson\":\"x\"}"), 400, After::Open},
      {"JSON wrong type", postBody("{\"reason\":7}"), 422, After::Open},
  };
}

}  // namespace aiops::test
