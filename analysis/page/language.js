(function () {
  function choose() {
    var asked = new URLSearchParams(location.search).get("lang"), hash = location.hash.slice(1).split("-")[0];
    var there = Array.from(document.querySelectorAll("article[id]"), function (article) { return article.id; });
    var lang = [hash, asked].concat(there).find(function (name) { return there.indexOf(name) >= 0; });
    document.documentElement.className = "script show-" + lang;
    document.documentElement.lang = lang === "en" ? "en" : "zh-CN";
    document.title = document.querySelector("#" + lang + " h1").textContent;
  }
  window.addEventListener("hashchange", function () { choose(); if (location.hash.indexOf("-") < 0) { window.scrollTo(0, 0); } });
  choose();
})();
