"""What ran on other lanes while a test failed, or was slow, more often than while it went well."""
