"""What reviewers' work comes to: samples, verdicts, agreement, failure modes, merging. Values in, values out: no SQL,
no window, no clock."""
