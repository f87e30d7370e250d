"""Papers: what leaves the house as docx, pdf or xlsx.

``model`` says what a paper holds, ``docx`` and ``pdf`` set it in GB/T 9704-2012 layout, ``xlsx`` writes, reads and
fills tables. Plain Python: no database, no clock, no network.
"""
