"""What a run is: its configuration, the parts that it names, and the code that it depends on."""
