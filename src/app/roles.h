// SPDX-License-Identifier: GPL-3.0-or-later
//
// What item models tell a view beyond Qt's own roles: a row's two lines, its state as a tone and a word, its badges,
// its identity. The view decides on colours and icons; models know of neither. Any thread, values only.
#pragma once

#include <Qt>

namespace gatehouse::app {

/// How a state is to be felt; a view draws it as colour, always with an icon and a word.
enum class Tone { Neutral, Accent, Good, Warning, Bad };

enum Role {
    TitleRole = Qt::UserRole + 1, ///< QString: first line
    SubtitleRole,                 ///< QString: second line, muted
    StateRole,                    ///< int, a Tone; invalid: no state is shown
    StateTextRole,                ///< QString: the state's word
    BadgesRole,                   ///< QStringList: small rounded labels after the title
    IdRole,                       ///< what selection is kept by: qint64 row, or the thing's name
    LoadingRole,                  ///< bool: the row's data is still being read
    BeforeRole,                   ///< QString: value before a change; invalid: there was none
    AfterRole,                    ///< QString: value after a change; invalid: there will be none
};

} // namespace gatehouse::app
