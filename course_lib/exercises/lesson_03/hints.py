"""The hints of lesson 03: where to look, which term, a similar case worked out."""

_O_SIDE = (
    "Only one thing lies between {w} and the output: net_n1^(1,2). Ask how far net_n1^(1,2) moves when {w} does.",
    "Four factors: the 2 from the square, o_n1 − d_n1, the slope of S at net_n1^(1,2), and whatever {w} is "
    "multiplied by in net_n1^(1,2). Then the mean over n.",
    "A similar case, in a network with three hidden nodes: net_n1^(1,2) = w11^(1,2) y_n1 + w21^(1,2) y_n2 + w31^(1,2) "
    "y_n3, so ∂net_n1^(1,2)/∂w31^(1,2) = y_n3. Hence ∂E/∂w31^(1,2) = 1/N Σ_n 2 (o_n1 − d_n1) S'(net_n1^(1,2)) y_n3.",
)
_H_SIDE = (
    "Walk from {w} to E: which hidden node does it enter, and which weight leads from that node to the output? "
    "Every stop on the way gives one factor.",
    "Six factors: the 2, o_n1 − d_n1, the slope at net_n1^(1,2), the weight that carries hidden node {j} "
    "to the output, the slope at net_n{j}^(0,1), and what {w} is multiplied by. Then the mean over n.",
    "A similar case, in a network with three inputs and three hidden nodes: w23^(0,1) enters hidden node 3 with the "
    "input x_n2, and that node reaches the output through w31^(1,2). Hence ∂E/∂w23^(0,1) = "
    "1/N Σ_n 2 (o_n1 − d_n1) S'(net_n1^(1,2)) w31^(1,2) S'(net_n3^(0,1)) x_n2.",
)


# The similar cases are about a larger network, so that no hint is the answer to another of the six.
def _o_side(j: int) -> tuple[str, ...]:
    return tuple(text.format(w=f"w{j}1^(1,2)") for text in _O_SIDE)


def _h_side(i: int, j: int) -> tuple[str, ...]:
    return tuple(text.format(w=f"w{i}{j}^(0,1)", j=j) for text in _H_SIDE)


HINTS = {
    "w11_12": _o_side(1),
    "w21_12": _o_side(2),
    "w11_01": _h_side(1, 1),
    "w12_01": _h_side(1, 2),
    "w21_01": _h_side(2, 1),
    "w22_01": _h_side(2, 2),
    "one_chain": (
        "There is one path: w^(0,1), net^(0,1), y, net^(1,2), o, E. Each arrow of it gives one factor.",
        "After the output's slope comes the weight that carries y on, then the slope of the hidden node, then "
        "what w^(0,1) is multiplied by.",
        "A similar case, w^(1,2): E moves with o by 2 (o − d), o with net^(1,2) by S'(net^(1,2)), and net^(1,2) with "
        "w^(1,2) by y. So ∂E/∂w^(1,2) = 2 (o − d) S'(net^(1,2)) y.",
    ),
    "dE_dw": (
        "Lay your six functions side by side. Two of them share one form and four another: `layer` decides between the "
        "two. Within a form, which factors change with i, and which with j?",
        "Layer 1: what enters the weight is the output of hidden node i. Layer 0: what enters it is input i; the slope "
        "is that of hidden node j, and the weight that leads on from there starts at j. Arrays count from 0.",
        "A similar case: one function for the net input of any hidden node is `X @ W01[:, j - 1]`. Where `W01[:, 0]` "
        "stood for node 1, the number has become the index j, less one.",
    ),
    "number_by_hand": (
        "Do the forward pass first and write down net, y and o with six digits; every derivative is built from them.",
        "S'(net) is S(net) (1 − S(net)), so y (1 − y) gives the hidden slopes and o (1 − o) the output's. With one "
        "sample the mean over n is just that sample.",
        "A similar case with other numbers: o = 0.6, d = 1, y_1 = 0.7 give ∂E/∂w11^(1,2) = "
        "2 · (0.6 − 1) · 0.6 · 0.4 · 0.7 = −0.1344.",
    ),
    "printed_formula": (
        "Read the line as a walk from E back to w11^(0,1) and ask of each factor: which arrow does it belong to?",
        "The line has S'(net_n1^(1,2)), then one factor, then S'(net_n1^(0,1)). Between the two slopes the path "
        "goes from net_n1^(1,2) to the output of hidden node 1.",
        "A similar case, w21^(1,2): there the path ends at the weight, so ∂net_n1^(1,2)/∂w21^(1,2) = y_n2 is right. "
        "If the path goes on through hidden node 2, it is ∂net_n1^(1,2)/∂y_n2 that is wanted, "
        "and that is a different thing.",
    ),
    "explain_w11_01": (
        "Draw the network and put a finger on w11^(0,1). Where can the change go?",
        "w11^(0,1) enters hidden node 1 only. List the edges that leave hidden node 1.",
        "A similar case: w22^(0,1) enters hidden node 2, whose one way out is w21^(1,2); nothing it does reaches E "
        "any other way.",
    ),
}
