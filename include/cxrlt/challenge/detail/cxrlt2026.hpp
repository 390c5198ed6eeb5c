// SPDX-License-Identifier: Apache-2.0
/// Built-in profiles: CXR-LT 2026 (ISBI, PadChest), tasks 1 and 2.
#pragma once

#include <array>

#include "cxrlt/challenge/detail/builtin_data.hpp"

namespace cxrlt::detail {

/// Counts, group by prevalence, group by rank (top and bottom 10).
inline constexpr std::array<BuiltinClass, 30> kClasses2026Task1{{
    {"Normal", 43585, kHead, kHead},
    {"aortic elongation", 8856, kMedium, kHead},
    {"cardiomegaly", 11537, kMedium, kHead},
    {"pleural effusion", 13277, kHead, kHead},
    {"Nodule", 8248, kMedium, kHead},
    {"atelectasis", 7129, kMedium, kHead},
    {"pleural thickening", 3968, kMedium, kMedium},
    {"aortic atheromatosis", 1508, kMedium, kTail},
    {"Support Devices", 8996, kMedium, kHead},
    {"alveolar pattern", 7161, kMedium, kHead},
    {"fracture", 3549, kMedium, kMedium},
    {"Hernia", 1719, kMedium, kTail},
    {"Emphysema", 1323, kMedium, kTail},
    {"azygos lobe", 349, kTail, kTail},
    {"Hydropneumothorax", 45, kTail, kTail},
    {"Kyphosis", 3214, kMedium, kMedium},
    {"Mass", 307, kTail, kTail},
    {"Pneumothorax", 455, kTail, kTail},
    {"Subcutaneous Emphysema", 181, kTail, kTail},
    {"pneumoperitoneo", 56, kTail, kTail},
    {"vascular hilar enlargement", 4544, kMedium, kMedium},
    {"vertebral degenerative changes", 4591, kMedium, kMedium},
    {"hyperinflated lung", 5439, kMedium, kHead},
    {"interstitial pattern", 7197, kMedium, kHead},
    {"central venous catheter", 5009, kMedium, kMedium},
    {"hypoexpansion", 3216, kMedium, kMedium},
    {"bronchiectasis", 2068, kMedium, kMedium},
    {"hemidiaphragm elevation", 2754, kMedium, kMedium},
    {"sternotomy", 2387, kMedium, kMedium},
    {"calcified densities", 875, kTail, kTail},
}};

/// Classes without training labels, hence without counts.
inline constexpr std::array<BuiltinClass, 6> kClasses2026Task2{{
    {"Scoliosis"},
    {"Osteopenia"},
    {"Bulla"},
    {"Infarction"},
    {"Adenopathy"},
    {"goiter"},
}};

static_assert(groups_follow_prevalence(kClasses2026Task1, 128815));

inline constexpr BuiltinNote kId2026{
    "id_column", "the rules say dicom_id; the data files and the participants' code say ImageID"};
inline constexpr BuiltinNote kPatient2026{
    "cluster",
    "PatientID is rounded to 3 significant digits in the released files (3.24E+38) and merges "
    "patients: do not use it as a cluster"};
inline constexpr BuiltinNote kSubmission2026{
    "submission", "one zip with the CSV and a folder code/; the CSV's name is not prescribed"};

inline constexpr std::array kNotes2026Task1{
    BuiltinNote{"classes",
                "mixed case and 'pneumoperitoneo' are the challenge's spelling; not alphabetical; "
                "Train_CLASS.txt ends its lines in a tab"},
    BuiltinNote{"train_counts",
                "not the full training set: in that, the rarest class is said to be 1,076 times "
                "rarer than 'Normal' (about 48,420 and 45 of 142,928 images)",
                true},
    BuiltinNote{"groups",
                "the rule of CXR-LT 2024 applied to these counts; 'cardiomegaly' (9.0 %) is head "
                "with other splits",
                true},
    kId2026,
    kPatient2026,
    kSubmission2026,
};

inline constexpr std::array kNotes2026Task2{
    BuiltinNote{"classes", "'goiter' is lower case; Eval_Class_Task2.txt ends its lines in a tab"},
    BuiltinNote{"train_counts", "none: the classes of this task are not labelled in training"},
    kId2026,
    kPatient2026,
    kSubmission2026,
};

// No swap pair: no exchange is documented here, and evaluation images that all bear a finding
// make a low mean of 'Normal' legitimate.
inline constexpr BuiltinProfile kCxrlt2026Task1{
    .name = "cxrlt2026_task1",
    .title = "CXR-LT 2026 Task 1 (ISBI)",
    .id_column = "ImageID",
    .id_alias = "dicom_id",
    .normal_class = "Normal",
    .classes = kClasses2026Task1,
    .train_size = 128815,
    .train_counts_source =
        "positives in the 90 % training split (128,815 images) that a public code base prints "
        "(Long_Tail, train_phase1.ipynb at 9994f80; arXiv 2603.02294)",
    .grouping = kPrevalenceGrouping,
    .alternative = {"top_bottom_10", "the 10 most and the 10 least frequent in training", true},
    .swap_first = {},
    .swap_second = {},
    .notes = kNotes2026Task1,
};

inline constexpr BuiltinProfile kCxrlt2026Task2{
    .name = "cxrlt2026_task2",
    .title = "CXR-LT 2026 Task 2 (ISBI, unseen classes)",
    .id_column = "ImageID",
    .id_alias = "dicom_id",
    .normal_class = {},
    .classes = kClasses2026Task2,
    .train_size = 0,
    .train_counts_source = {},
    .grouping = {},
    .alternative = {},
    .swap_first = {},
    .swap_second = {},
    .notes = kNotes2026Task2,
};

}  // namespace cxrlt::detail
