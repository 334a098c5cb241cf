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

local function is_ten(out) return out.options.style == "ten" end

-- ---- The issue and its headings ----

-- Behind plus signs, with a pause at its end.
local function announced(out, signs, title)
  local line = out:capture(title)
  out:hang(signs .. " ", words.is_sentence(line) and line or line .. ".")
end

-- A title takes as many lines as it needs; its rule is as wide as the longest.
local function underlined(out, rule, title)
  if is_ten(out) then return announced(out, rule == "=" and "+++" or "++", title) end
  local widest = 0
  for line in out:wrap(title):gmatch("[^\n]+") do
    widest = math.max(widest, out:columns(line))
    out:raw(line):cr()
  end
  out:line(rule:rep(widest))
end

-- What stands around the text is a layout.
function text.issue(issue, out)
  local english = words.is_english(issue)
  out:layout(out.options.layout, {
    underlined = function(rule, title) underlined(out, rule, title) end,
    english = english, credits = words.credits(issue.credits, english), words = words,
  })
end

function text.note(note, out) out:hang(words.superscript(note.number) .. " ", note.children) end
function text.note_ref(ref, out) out(words.superscript(ref.number)) end

local function numbers(last)
  return " %" .. #tostring(last) .. "d. "
end

function text.toc(toc, out)
  local pattern = numbers(#toc.sections)
  local label = toc.label or words.is_english(words.issue_of(toc)) and "In this issue"
  if label and is_ten(out) then
    announced(out, "++", label)
    out:blank()
  elseif label then
    out(label, words.is_sentence(label) and "" or ":"):blank()
  end
  for i, section in ipairs(toc.sections) do
    out:hang(pattern:format(i), function() words.contents_line(section, out) end)
  end
end

-- Whether the heading stands in a quote or a list.
local function in_block(heading)
  local parent = heading.parent.kind
  return parent ~= "section" and parent ~= "issue"
end

function text.heading(heading, out)
  local title = words.plain(heading.children, out)
  local opens_section = heading.level == 2 and not in_block(heading)
  if opens_section then
    out:blank(2)
    underlined(out, "-", title)
  elseif is_ten(out) then
    announced(out, "+", title)
  else
    out:hang(("#"):rep(math.max(heading.level, 3)) .. " ", title)
  end
end

-- ---- Items and lists ----

text.bare_item = '{{ icon or "-" }} \t{{ title }}\n{{ ref }}'

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

-- Without a number for a marker, an item begins as a heading does in the style for ears.
function text.item(item, out)
  if is_ten(out) then
    announced(out, "+", item.title)
    if out.options.links ~= "off" then out:cr():url(item.url) end
    write_body(item, out)
  else
    write_hanging(item, out, (item.icon or "-") .. " ")
  end
end

-- The marker is the list's: a number.
function text.ordered_item(item, out)
  if item.icon then out(item.icon, " ") end
  write_title(item, out)
  write_body(item, out)
end

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

-- In the style for ears items have numbers.
function text.list(list, out)
  if not is_ten(out) then return out(list.children) end
  local first = list.children[1]
  if not first or first.kind ~= "item" then return out(list.children) end
  write_numbered(list, 1, function(item, marker)
    if item.icon then marker = marker .. item.icon .. " " end
    out:blank()
    write_hanging(item, out, marker)
  end)
end

-- ---- Tables ----

-- Every row as an array of strings, the header first.
local function cells_of(t, out)
  local rows = {}
  for r, row in ipairs(t.children) do
    rows[r] = {}
    for c, cell in ipairs(row.children) do
      rows[r][c] = out:capture(cell.children):gsub("%s*\n%s*", " ")
    end
  end
  return rows
end

local function widths_of(rows, out)
  local widths, total = {}, 0
  for _, row in ipairs(rows) do
    for c, cell in ipairs(row) do
      widths[c] = math.max(widths[c] or 0, out:columns(cell))
    end
  end
  for _, width in ipairs(widths) do total = total + width + 2 end
  return widths, total - 2
end

local function write_aligned(t, rows, widths, out)
  local lines = {}
  local header = t.header.children
  for r, row in ipairs(rows) do
    local padded = {}
    for c, cell in ipairs(row) do
      padded[c] = out:pad(cell, widths[c], header[c].align or "left")
    end
    lines[#lines + 1] = table.concat(padded, "  "):gsub("%s+$", "")
    if r == 1 then
      for c, width in ipairs(widths) do padded[c] = ("-"):rep(width) end
      lines[#lines + 1] = table.concat(padded, "  ")
    end
  end
  out:verbatim(table.concat(lines, "\n"))
end

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

function text.table(t, out)
  local rows = cells_of(t, out)
  local widths, total = widths_of(rows, out)
  local room = out:available() or 100 -- what a screen shows without scrolling
  if #rows == 1 or total <= room and not is_ten(out) then
    write_aligned(t, rows, widths, out)
  else
    write_records(rows, out)
  end
end

-- ---- Other blocks ----

function text.block_quote(quote, out) out:prefix("> ", quote.children) end
text.attribution = "— \t{{ children }}"

text.figure = "{{ children }}\n{{ caption }}"

function text.code_block(block, out)
  out:verbatim((block.literal:gsub("\n$", ""):gsub("[^\n]+", "    %0")))
end

function text.thematic_break(_, out)
  if not is_ten(out) then out("* * *") end
end

-- The words on it, and below them where it leads.
text["directive.button"] = function(button, out)
  local link = words.button_link(button)
  if not link or out.options.links == "off" then return out:super(button) end
  out(link.children):cr():url(link.url)
end

-- ---- Inlines ----

local function write_marked(node, out, mark)
  if is_ten(out) then out(node.children) else out:mark(mark, node) end
end

function text.emph(node, out) write_marked(node, out, "_") end
function text.strong(node, out) write_marked(node, out, "*") end
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
