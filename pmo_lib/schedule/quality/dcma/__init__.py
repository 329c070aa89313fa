"""The 14 points of DCMA-EA PAM 200.1, section 4 (October 2012)."""
