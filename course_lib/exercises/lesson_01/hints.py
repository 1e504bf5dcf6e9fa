"""The hints of lesson 01: where to look, which term, a similar case worked out."""

HINTS = {
    "gradient_by_hand": (
        "Three numbers, one for each variable. For each of them, which of the two terms of f contains it at all?",
        "x₂ appears in both terms, so its derivative has two. The sine contains a product: the chain rule brings out "
        "the other factor.",
        "A similar case: g(x) = x₁ x₃² + cos(x₁ x₂). Then ∂g/∂x₁ = x₃² − x₂ sin(x₁ x₂), ∂g/∂x₂ = −x₁ sin(x₁ x₂), "
        "∂g/∂x₃ = 2 x₁ x₃.",
    ),
    "hessian_by_hand": (
        "Row i is the gradient of the i-th entry of the gradient. Write the three entries down first.",
        "The entry of x₂ and x₃ needs the product rule: in x₂ cos(x₂ x₃) the variable x₂ appears twice. The matrix is "
        "symmetric, so there are only six entries to work out.",
        "A similar case: for g with ∂g/∂x₂ = −x₁ sin(x₁ x₂), ∂²g/∂x₁∂x₂ = −sin(x₁ x₂) − x₁ x₂ cos(x₁ x₂), "
        "and ∂²g/∂x₂² = −x₁² cos(x₁ x₂).",
    ),
    "downhill": (
        "The step is taken along −∇f. Work out ∇f at P first; the arrow need not point at the minimum.",
        "An arrow at the angle θ is the unit vector u = (cos θ, sin θ). The slope along it is ∇f · u, and downhill "
        "it is below zero.",
        "A similar case: with ∇f = (3, −4) the step points along (−3, 4), at 126.9°. As a unit vector that is (−0.6, "
        "0.8), and the slope is 3 · (−0.6) + (−4) · 0.8 = −5.",
    ),
    "descend": (
        "The path has steps + 1 rows: the start is row 0, and every step adds one.",
        "Each new point is made from the last: x − learning_rate · gradient(x). Make a new array each time; "
        "`x -= ...` would change the caller's start, and every row that is a view of it.",
        "A similar case: climbing one step from (1, 2) with the gradient (4, −2) and the rate 0.1 leads to (1.4, 1.8), "
        "and the path is [[1, 2], [1.4, 1.8]]. Descending goes the other way.",
    ),
    "largest_stable_rate": (
        "Take f(x) = ½ a x² first. One step turns x into x − rate · a x. When does that shrink?",
        "It shrinks while |1 − rate · a| < 1. A Hessian has such an a in the direction of each eigenvector, and one "
        "of them is the first to fail. `np.linalg.eigvalsh` gives them.",
        "A similar case: with the curvatures 1 and 8, the rate 0.2 turns the two parts into 0.8 and −0.6 of "
        "themselves, the rate 0.3 into 0.7 and −1.4. The steep direction is the one that explodes.",
    ),
    "classify": (
        "Along an eigenvector f bends by its eigenvalue: up if it is above zero, down if below.",
        "Decide in the order of the text: both signs first, then zeros. An eigenvalue that ought to be 0 comes out as "
        "1e-17 or so, which is why zero is measured against the largest one.",
        "A similar case: the eigenvalues 2, −3 and 1e-16 have both signs, so it is a saddle and the zero does not "
        "matter. With 2 and 1e-16 the second derivative cannot tell.",
    ),
    "two_basins": (
        "Look at the contours: there are two valleys, one left and one right. Start one path in each.",
        "Far out, f is so steep that the first step overshoots. And on the ridge between the valleys the path may "
        "still be under way after all its steps.",
        "A similar case: for f(x) = (x² − 4)², x = 1 and x = −1 lie left and right of the ridge at 0, and descend to 2 "
        "and −2.",
    ),
}
