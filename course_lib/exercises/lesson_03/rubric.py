"""What a good answer to `explain_w11_01` has in it: for the marker, and for who works alone and has written one."""

RUBRIC = (
    "w11^(0,1) enters hidden node 1 and nothing else, so all it does to E it does through y_n1.",
    "With one output, y_n1 is used once: in net_n1^(1,2), where it is multiplied by w11^(1,2). So that weight is a "
    "factor of the derivative, and were it zero, nothing would get through.",
    "A second output opens a second path, through w12^(1,2). E sums over the outputs, so what the two paths carry is "
    "added.",
)
