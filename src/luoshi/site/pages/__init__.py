"""Pages of the shell: front page, sign-in, inbox, cockpit, gallery."""
