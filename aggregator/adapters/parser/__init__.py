"""Reads pages in children that a hostile page may kill; a nursery forks them. `pool` begins."""
