"""What can be seen of a run: functions of its trainer and history that give a frame's parts, and change nothing."""
