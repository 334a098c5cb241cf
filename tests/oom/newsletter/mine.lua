-- A format that calls everything a format can call.
local news = require "news"
local words = require "news.words"
local mod = require "mod"
local shop = require "shop"

local mine = news.format {
  name = "mine", extends = "text", edition = "web", width = 40, links = "section",
  options = { mark = "*", count = 1, loud = false, layout = "mine.txt",
    style = { "own", "usual" } },
}
local own = news.style(mine, "own")

mine.strong = "{{ children }}"
mine.code = "'{{ literal }}'"
mine.block_quote = "«\t{{ children }}»"
mine.thematic_break = false
mine.links = "[{{ number }}] {{ url }} {{ text }}"
mine["directive.box"] = [[<{{ args.1 }} {{ attrs.k or "no" }}>
{{ children }}]]

own.strike = "-{{ plain }}-"
function own.list_item(entry, out) out:entry(news.within(entry, "list").kind .. " ", entry) end
function mine.emph(emph, out) out:mark("/", emph) end

function mine.link(link, out)
  if out:alone(link) then out:shown(link) end
  out(link.children, out:ref(link))
end

function mine.heading(heading, out)
  local title = out:capture(heading.children)
  out:line(out:pad(title, out:columns(title) + 4, "center"))
  out:prefix("| ", out:wrap(function() out:plain(heading) end))
  out:hang("-> ", news.slug(heading.text), " ", tostring(out:available())):blank(2)
end

function mine.code_block(code, out) out:verbatim(code.literal):cr():whole("a b"):url("https://ä.example/") end

function mine.table(t, out)
  out:super(t)
  local rows = out:aligned(t, 2)
  out:raw(rows and rows[1][1] or "", " "):raw(table.concat(out:longest_words(t), " "))
  out:cells(t.rows, { "| ", " | " }, " |"):raw(out:words(t))
  local cells = {}
  for _, row in ipairs(t.rows) do
    for _, cell in ipairs(row.children) do cells[#cells + 1] = out:capture(cell.children) end
  end
  table.sort(cells, function(a, b) return a > b end)
  out(table.concat(cells, ";"):upper():gsub("%w+", { T = "t" }), "\n")
end

function mine.issue(issue, out)
  print("begins", issue)
  local names = coroutine.wrap(function()
    for _, name in ipairs(words.names(issue.authors or {})) do coroutine.yield(name) end
  end)
  local first = names() or "nobody"
  local _, message = pcall(error, setmetatable({}, { __tostring = function() return "caught" end }))
  out:raw(news.json { title = issue.title, date = issue.date, list = { 1, 2.5, true } }):cr()
  if out.options.mark == "cancel" then print("cancel") end
  out:line(first, " ", tostring(message), " ", mod.word, " ", shop.price("tea"), " ", out.options.mark, out.options.count)
  out:line(news.date(issue.date, "%A, %-d %B %Y", "de"), " ", news.plural(2, "one", "many"), " ",
           news.join({ "a", "b", "c" }, ", ", " and "), " ", news.truncate(issue.title, 3), " ",
           news.urlencode("a b"), " ", tostring(news.get(issue, "meta.extra.a", "none")))
  out(string.format("%5.1f|%q|%s", 2.25, "x", ("ab"):rep(3, "-")), string.pack("<I2", 258):byte(1, -1))
  out:links()
  out:layout("part.txt", { word = "a < b" })
  out:super(issue)
end

return mine
