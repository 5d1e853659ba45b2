"""咨询投诉: questions, complaints, reports and suggestions about public services and those who give them."""
