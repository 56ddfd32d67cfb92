(function () {
  function choose() {
    var asked = new URLSearchParams(location.search).get("lang");
    var hash = location.hash.slice(1).split("-")[0];
    var lang = hash === "en" || hash === "zh" ? hash : asked === "en" ? "en" : "zh";
    document.documentElement.className = "script show-" + lang;
    document.documentElement.lang = lang === "en" ? "en" : "zh-CN";
    document.title = document.querySelector("#" + lang + " h1").textContent;
  }
  window.addEventListener("hashchange", function () { choose(); window.scrollTo(0, 0); });
  choose();
})();
