"""Line drawings on a 16 by 16 field, by name. They decorate: the word beside them says it."""

PATHS = {
    "back": "M9.5 3.5 5 8l4.5 4.5",
    "care": "M8 2.5 14 13H2zM8 6.75v2.75M8 11.4v.1",
    "done": "M3 8.5 6.5 12 13 4.5",
    "download": "M8 2.5v7.5M4.75 7.25 8 10.5l3.25-3.25M3 13h10",
    "key": "M7.6 8a2.6 2.6 0 1 1-5.2 0 2.6 2.6 0 0 1 5.2 0zM7.6 8H14v2.6M11.4 8v2",
    "leave": "M9 3h4v4M13 3 7.5 8.5M11.5 9.5V13H3V4.5h3.5",
    "remove": "M4 4l8 8M12 4l-8 8",
    "sealed": "M4 7.5h8V13H4zM5.75 7.5V5.25a2.25 2.25 0 0 1 4.5 0V7.5",
}
