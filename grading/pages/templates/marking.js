// nbgrader's script waits for MathJax before it goes to where the marker was; here formulas are set from the beginning.
var MathJax = {Hub: {Startup: {signal: {Interest: function (then) { setTimeout(function () { then("End"); }, 0); }}}}};

$(function () {
  // What lies in a folded part cannot be reached by a link or by nbgrader's keys, so it is unfolded on the way.
  var unfold = function () {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    if (target) { $(target).find("> details").prop("open", true); }
  };
  $(window).on("hashchange", unfold);
  unfold();
  $("#toggle-name").on("click", function () {
    var shown = $(this).attr("aria-pressed") !== "true";
    $(this).attr("aria-pressed", shown).text(shown ? "Hide name" : "Show name");
    $(".name-shown").toggle(shown);
    $(".name-hidden").toggle(!shown);
  });
  $(".help").on("keydown", function (event) { if (event.key === "Enter") { $(this).click(); } });
});
