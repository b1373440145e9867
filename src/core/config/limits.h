// SPDX-License-Identifier: GPL-3.0-or-later
//
// Limits of values in the configuration, for its tables, its checks and the forms.
#pragma once

#include <limits>

namespace gatehouse::core {

inline constexpr int kLongestName = 256;         ///< characters (UTF-16 code units)
inline constexpr int kLongestDescription = 1024; ///< characters
inline constexpr int kMostCustomAttributes = 200; ///< per environment, as in PingOne
inline constexpr int kLongestAttributeValue = 16'384; ///< characters
inline constexpr int kShortestSchedule = 30;       ///< seconds
inline constexpr int kLongestSchedule = 2'678'400; ///< seconds: 31 days
inline constexpr int kLongestMissing = 31'536'000; ///< seconds: a year
inline constexpr int kNoUpperLimit = std::numeric_limits<int>::max();

} // namespace gatehouse::core
