// SPDX-License-Identifier: GPL-3.0-or-later
//
// The name service of this test program, which stands before libc's getaddrinfo: names below "example.test" are this
// machine, one name is not answered for some seconds, all others are looked up as ever.
#pragma once

namespace gatehouse::test {

constexpr char kSilentName[] = "silent.name.service.test";
constexpr int kSilentNameMilliseconds = 4'000;

} // namespace gatehouse::test
