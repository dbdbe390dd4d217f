"""What LibreOffice makes of the files of data; run by `make test-office`, outside CI for its size."""
