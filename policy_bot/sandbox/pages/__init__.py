"""What people see of the sandbox: pages that look like GitHub's, beside the API."""
