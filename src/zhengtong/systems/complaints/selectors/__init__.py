"""What pages and services read of complaints."""
