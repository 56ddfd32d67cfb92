(function () {
  var SCALE = 4, EDGE = 12, SVG = "http://www.w3.org/2000/svg";
  var FONTS = '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';
  var pen = document.createElement("canvas").getContext("2d");

  function hand(blob, name) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
  }

  function lines(text, size, width) {
    var pieces = text.trim().match(/[“（《]*([\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60]+\s*)[，。；：、）”！？》]*/g) || [];
    var found = [""];
    pen.font = size + "px " + FONTS;
    pieces.forEach(function (piece) {
      var last = found.length - 1;
      if (found[last] && pen.measureText((found[last] + piece).trim()).width > width) found.push(piece);
      else found[last] += piece;
    });
    return found;
  }

  function write(svg, text, size, colour, top, width) {
    lines(text, size, width).forEach(function (line) {
      var part = document.createElementNS(SVG, "text");
      top += 1.45 * size;
      part.setAttribute("x", EDGE);
      part.setAttribute("y", top);
      part.setAttribute("style", "font-family: " + FONTS.replace(/"/g, "'") + "; font-size: " + size + "px; fill: " + colour);
      part.textContent = line.trim();
      svg.appendChild(part);
    });
    return top;
  }

  // The picture with the finding above and the foot below.
  function framed(figure) {
    var drawn = figure.querySelector(".picture svg"), box = drawn.viewBox.baseVal, svg = document.createElementNS(SVG, "svg");
    var paper = svg.appendChild(document.createElementNS(SVG, "rect"));
    var top = write(svg, figure.querySelector("h3").textContent, 13, "#22262b", EDGE / 2, box.width) + EDGE;
    var copy = svg.appendChild(drawn.cloneNode(true));
    [["x", EDGE], ["y", top], ["width", box.width], ["height", box.height]].forEach(function (pair) { copy.setAttribute(pair[0], pair[1]); });
    var bottom = write(svg, figure.querySelector(".foot").textContent, 8.5, "#6f767e", top + box.height + EDGE / 2, box.width) + EDGE;
    var width = box.width + 2 * EDGE;
    [["width", width], ["height", bottom], ["fill", "#ffffff"]].forEach(function (pair) { paper.setAttribute(pair[0], pair[1]); });
    svg.setAttribute("viewBox", "0 0 " + width + " " + bottom);
    svg.setAttribute("width", width + "pt");
    svg.setAttribute("height", bottom + "pt");
    return { text: new XMLSerializer().serializeToString(svg), width: width, height: bottom };
  }

  function png(picture, name) {
    var image = new Image();
    image.onload = function () {
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(SCALE * picture.width);
      canvas.height = Math.round(SCALE * picture.height);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (blob) { hand(blob, name); }, "image/png");
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(picture.text);
  }

  // A cell of a CSV file: what a spreadsheet would take for a formula stays text, as in scenarios/csv_files.py.
  function cell(node) {
    var text = node.textContent.trim(), plain = text.replace(/^−/, "-");
    if (text === "–") return "";
    if (/^[+-]?\d+(\.\d+)?([eE][+−-]?\d+)?$/.test(plain)) return plain.replace("−", "-");
    if (/^[=+\-@＝＋－＠\t\r\n]/.test(text.replace(/^[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/, ""))) text = "'" + text;
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  function csv(figure) {
    return Array.from(figure.querySelectorAll("table.data tr"), function (row) {
      return Array.from(row.cells, cell).join(",") + "\n";
    }).join("");
  }

  document.addEventListener("click", function (event) {
    var kind = event.target.dataset.take, figure = event.target.closest("figure");
    if (!kind) return;
    var parts = figure.id.split("-"), name = parts.slice(1).join("-") + "-" + parts[0] + "." + kind;
    if (kind === "csv") hand(new Blob(["\ufeff" + csv(figure)], { type: "text/csv;charset=utf-8" }), name);
    else if (kind === "svg") hand(new Blob([framed(figure).text], { type: "image/svg+xml" }), name);
    else png(framed(figure), name);
  });
})();
