-- text.lua: plain text that somebody cared for. Lines are filled in terminal columns, headings are
-- underlined, addresses are numbered and listed where their section ends.
--
-- The style "ten" is for ears: it follows the Text Email Newsletter standard, which screen readers
-- read well. Headings are found by their plus signs and end as sentences do; items have numbers;
-- there are no rules, no rows of signs, and no marks of emphasis.
local news = require "news"
local words = require "news.words"

local text = news.format {
  name = "text",
  media = "text/plain; charset=utf-8", extension = "txt",
  edition = "text", escape = "text", fill = true, width = 72, links = "section",
  options = { style = { "setext", "ten" }, layout = "text.txt" },
}
local ten = news.style(text, "ten")

-- ---- The issue and its headings ----

-- A title takes as many lines as it needs; its rule is as wide as the longest.
local function underlined(out, rule, title)
  local lines = out:wrap(title)
  for line in lines:gmatch("[^\n]+") do out:raw(line):cr() end
  out:line(rule:rep(out:columns(lines)))
end

-- Behind plus signs, with a pause at its end.
local function announced(out, signs, title)
  local line = out:capture(title)
  out:hang(signs .. " ", words.is_sentence(line) and line or line .. ".")
end

-- What stands around the text is a layout.
local function write_issue(issue, out, write_title)
  local english = words.is_english(issue)
  out:layout(out.options.layout, {
    underlined = write_title, english = english, credits = words.credits(issue.credits, english), words = words,
  })
end

function text.issue(issue, out)
  write_issue(issue, out, function(rule, title) underlined(out, rule, title) end)
end

function ten.issue(issue, out)
  write_issue(issue, out, function(rule, title) announced(out, rule == "=" and "+++" or "++", title) end)
end

function text.heading_2(heading, out)
  out:blank(2)
  underlined(out, "-", function() out:plain(heading) end)
end
for level = 3, 6 do text["heading_" .. level] = ("#"):rep(level) .. " \t{{ plain }}" end

-- Those in quotes and lists.
function text.heading(heading, out)
  out:hang(("#"):rep(math.max(heading.level, 3)) .. " ", function() out:plain(heading) end)
end

function ten.heading(heading, out) announced(out, "+", function() out:plain(heading) end) end
function ten.heading_2(heading, out)
  out:blank(2)
  announced(out, "++", function() out:plain(heading) end)
end

function text.note(note, out) out:hang(words.superscript(note.number) .. " ", note.children) end
function text.note_ref(ref, out) out(words.superscript(ref.number)) end

local function numbers(last)
  return " %" .. #tostring(last) .. "d. "
end

local function label_of(toc)
  return toc.label or words.is_english(words.issue_of(toc)) and "In this issue"
end

local function write_contents(toc, out)
  local pattern = numbers(#toc.sections)
  for i, section in ipairs(toc.sections) do
    out:hang(pattern:format(i), function() words.contents_line(section, out) end)
  end
end

function text.toc(toc, out)
  local label = label_of(toc)
  if label then out(label, words.is_sentence(label) and "" or ":"):blank() end
  write_contents(toc, out)
end

function ten.toc(toc, out)
  local label = label_of(toc)
  if label then
    announced(out, "++", label)
    out:blank()
  end
  write_contents(toc, out)
end

-- ---- Items and lists ----

local bare_item = '{{ icon or "-" }} \t{{ title }}\n{{ ref }}'
text.bare_item = bare_item

-- The title, and its address on a line of its own.
local function write_title(item, out)
  out(item.title)
  if item.source and not item.body[1] then out(" (", item.source, ")") end
  out:cr()
  if out.options.links ~= "off" then out:url(item.url) end
end

local function write_body(item, out)
  if not item.body[1] then return end
  out:blank()
  words.item_text(item, out)
end

-- Where paragraphs flow they cannot hang, and so what hangs is the title alone.
local function write_hanging(item, out, marker)
  local flowed = out.options.flowed
  out:hang(marker, function()
    write_title(item, out)
    if not flowed then write_body(item, out) end
  end)
  if flowed then write_body(item, out) end
end

function text.item(item, out) write_hanging(item, out, (item.icon or "-") .. " ") end

-- Without a number for a marker it begins as a heading does.
function ten.item(item, out)
  announced(out, "+", item.title)
  if out.options.links ~= "off" then out:cr():url(item.url) end
  write_body(item, out)
end
ten.bare_item = bare_item

-- The marker is the list's: a number.
function text.ordered_item(item, out)
  if item.icon then out(item.icon, " ") end
  write_title(item, out)
  write_body(item, out)
end
ten.ordered_item = text.ordered_item

text.list_item = "- \t{{ children }}"

function text.task_item(item, out) out:hang(words.box(item), item.children) end

-- Numbers stand in a column of their own, right-aligned, and take the place of other markers.
local function write_numbered(list, number, write)
  local entries = list.children
  local pattern = numbers(number + #entries - 1)
  for _, entry in ipairs(entries) do
    write(entry, pattern:format(number))
    number = number + 1
  end
end

function text.ordered_list(list, out)
  write_numbered(list, list.start, function(entry, marker)
    if entry.kind == "item" then return out:hang(marker, entry) end
    if entry.checked ~= nil then marker = marker .. words.box(entry) end
    out:hang(marker, entry.children)
  end)
end

ten.ordered_list = text.ordered_list

-- Items have numbers.
function ten.list(list, out)
  local first = list.children[1]
  if not first or first.kind ~= "item" then return out(list.children) end
  write_numbered(list, 1, function(item, marker)
    if item.icon then marker = marker .. item.icon .. " " end
    out:blank()
    write_hanging(item, out, marker)
  end)
end

-- ---- Tables ----

-- One record per row, "Header: value", the values in line where the names leave them room.
local function write_records(rows, out)
  local names, widest = rows[1], 0
  local room = out:available()
  for _, name in ipairs(names) do widest = math.max(widest, out:columns(name) + 2) end
  for r = 2, #rows do
    out:blank()
    for c, cell in ipairs(rows[r]) do
      local name = names[c] ~= "" and names[c] .. ": " or ""
      if room and widest * 3 <= room then
        out:hang(out:pad(name, widest, "left"), cell)
      elseif cell ~= "" then
        out:raw(name, cell):cr()
      end
    end
  end
end

-- Where the columns have no room.
local function write_table(t, out, room)
  local rows = out:aligned(t, room)
  if rows then write_records(rows, out) end
end

-- A screen shows some hundred columns without scrolling.
function text.table(t, out) write_table(t, out, out:available() or 100) end
function ten.table(t, out) write_table(t, out, 0) end

-- ---- Other blocks ----

function text.block_quote(quote, out) out:prefix("> ", quote.children) end
text.attribution = "— \t{{ children }}"

text.figure = "{{ children }}\n{{ caption }}"

function text.code_block(block, out)
  out:verbatim((block.literal:gsub("\n$", ""):gsub("[^\n]+", "    %0")))
end

function text.thematic_break(_, out) out("* * *") end
ten.thematic_break = false

-- The words on it, and below them where it leads.
text["directive.button"] = function(button, out)
  local link = words.button_link(button)
  if not link or out.options.links == "off" then return out:super(button) end
  out(link.children):cr():url(link.url)
end

-- ---- Inlines ----

function text.emph(node, out) out:mark("_", node) end
function text.strong(node, out) out:mark("*", node) end
ten.emph = "{{ children }}"
ten.strong = "{{ children }}"
-- What the writer took back must not read as if it stood; chat has made the tilde known for it.
text.strike = "~{{ children }}~"

-- A command broken at a hyphen is another command.
function text.code(code, out)
  local literal = code.literal
  if #literal <= 40 then out:whole("`" .. literal .. "`") else out:raw("`")(literal):raw("`") end
end

text.link = "{{ children }}{{ ref }}"
function text.autolink(link, out) out:address(link) end
function text.blank_link(link, out) out:whole(link.host or link.url)(out:ref(link)) end

-- An empty alt says that the image says nothing.
function text.image(image, out)
  if image.alt ~= "" then out("[Image: ", image.alt, "]") end
end

return text
