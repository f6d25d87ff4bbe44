"""The servers that apigen is compared with, a module each, and what some of them share."""
