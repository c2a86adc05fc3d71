"""Writes invented pupils as other systems export them: EDEXML, UWLR and the lists of vendors. For tests and to try."""

from dms.demo.vendor_files.edexml import EdexForm, write_edexml
from dms.demo.vendor_files.lists import VENDORS, write_list, write_worksheet
from dms.demo.vendor_files.samples import write_samples

__all__ = ["VENDORS", "EdexForm", "write_edexml", "write_list", "write_samples", "write_worksheet"]
