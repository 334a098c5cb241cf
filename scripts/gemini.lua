-- gemini.lua: gemtext. A paragraph is one line, a link a line of its own; what the line types cannot
-- say is said as in plain text.
local news = require "news"

local gemini = news.format {
  name = "gemini", extends = "text",
  media = "text/gemini; charset=utf-8", extension = "gmi",
  escape = "gemtext", width = false, links = "section",
}

-- ---- Link lines ----

-- Where a line begins.
local function link_line(out, url, label)
  out:raw("=> "):url(url)
  if label ~= "" and label ~= url then out:raw(" ")(label) end
  out:cr()
end

-- The one link or image among these inlines, emphasis aside.
local function only(inlines)
  while true do
    local inline = inlines[1]
    if inline == nil or inlines[2] then return nil end
    local kind = inline.kind
    if kind == "link" or kind == "image" then return inline end
    inlines = inline.children
  end
end

local function in_quote(node)
  while node do
    if node.kind == "block_quote" then return true end
    node = node.parent
  end
  return false
end

-- Writes these inlines of a block as a link line, if they are a link or an image and nothing else.
-- Within a quote, where no line can be a link, they stay text.
local function write_alone(inlines, block, out)
  local node = only(inlines)
  if node == nil or in_quote(block) then return false end
  if node.kind == "link" then
    local image = only(node.children)
    local label = image and image.kind == "image" and "Image: " .. image.alt or node.text
    link_line(out, node.url, label)
  elseif node.alt ~= "" then
    link_line(out, node.src, "Image: " .. node.alt)
  end
  return true
end

function gemini.paragraph(paragraph, out)
  local inlines = paragraph.children
  if not write_alone(inlines, paragraph, out) then out(inlines) end
end

-- An address in the text cannot be followed in gemtext, so it gets its link line like any other.
function gemini.link(link, out) out(link.children, out:ref(link, true)) end

function gemini.links(references, out)
  out:blank()
  for _, reference in ipairs(references) do
    link_line(out, reference.url, ("[%d] %s"):format(reference.number, reference.text))
  end
end

-- ---- The issue and its headings ----

function gemini.issue(issue, out)
  local english = issue.lang == nil or issue.lang:lower():match("^%a*") == "en"
  local about = {}
  if issue.number then about[1] = (english and "Number " or "№ ") .. issue.number end
  if issue.date then
    about[#about + 1] = news.date(issue.date, english and "%-d %B %Y" or "%Y-%m-%d")
  end
  if issue.title then out:raw("# ")(issue.title):blank() end
  if #about > 0 then out:line(table.concat(about, ", ")):blank() end
  out(issue.children)
end

-- A heading's words, then the markers of its links.
local function add_markers(inlines, out)
  for _, inline in ipairs(inlines) do
    if inline.kind == "link" then
      out(out:ref(inline))
    elseif inline.kind ~= "text" then
      add_markers(inline.children, out)
    end
  end
end

function gemini.heading(heading, out)
  out:raw(("#"):rep(math.min(heading.level, 3)) .. " ")(heading.text)
  add_markers(heading.children, out)
end

-- ---- Items and lists ----

-- The text repeats the title where its sentence runs on; the source stands at its end.
local function write_body(item, out)
  local body, source = item.body, item.source
  local count = #body
  out:shown(item.link)
  for i, block in ipairs(body) do
    if i > 1 then out:blank() end
    if i == 1 and item.continues then out(item.title) end
    if block.kind == "paragraph" then out(block.children) else out(block):cr() end
    if i == count and source then out(" (", source, ")") end
  end
  out:blank()
end

-- The title is a link line; the text follows at once.
local function write_item(item, out, before)
  local source, label = item.source, before .. item.title
  if item.icon then label = item.icon .. " " .. label end
  if item.body[1] then
    link_line(out, item.url, label)
    write_body(item, out)
  else
    link_line(out, item.url, source and label .. " (" .. source .. ")" or label)
  end
end

gemini.bare_item = "=> {{ url }} {{ icon }} {{ title }}"
function gemini.item(item, out) write_item(item, out, "") end

-- How many lists the list is in, and whether they are in a quote.
local function surroundings(list)
  local depth, node = 0, list.parent
  while node do
    local kind = node.kind
    if kind == "section" or kind == "issue" then break end
    if kind == "block_quote" then return depth, true end
    if kind == "list" then depth = depth + 1 end
    node = node.parent
  end
  return depth, false
end

-- What one line can hold of an entry stands behind its marker, the rest below.
local function write_entry(entry, out, marker, is_plain)
  local blocks = entry.children
  local first, second = blocks[1], blocks[2]
  if first == nil then
    out:raw(marker)
  elseif first.kind ~= "paragraph" then
    out:raw(marker)(first)
  else
    local inlines = first.children
    if not (is_plain and write_alone(inlines, first, out)) then out:raw(marker)(inlines) end
  end
  out:cr()
  if second == nil then return end
  for i, block in ipairs(blocks) do
    if i > 1 then out(block) end
  end
  if not entry.parent.tight then out:blank() end
end

function gemini.list_item(entry, out) write_entry(entry, out, "* ", true) end

local function box(entry) return entry.checked and "[x] " or "[ ] " end

function gemini.task_item(entry, out) write_entry(entry, out, "* " .. box(entry), false) end

-- A list item is one line; nested ones follow on the same level, behind dashes. A number takes the
-- place of the star.
function gemini.list(list, out)
  local depth, quoted = surroundings(list)
  if depth == 0 and not quoted and not list.ordered then
    out(list.children)
    return
  end
  local dashes, number = ("– "):rep(depth), list.ordered and list.start
  for _, entry in ipairs(list.children) do
    local sign, star = dashes, "* "
    local is_item = entry.kind == "item"
    if number then
      sign = sign .. number .. ". "
      star = depth > 0 and star or ""
      number = number + 1
    elseif not is_item and entry.checked ~= nil then
      sign = sign .. box(entry)
    end
    out:cr()
    if is_item and not quoted then
      write_item(entry, out, sign)
    else
      write_entry(entry, out, star .. sign, sign == "")
    end
  end
end

-- ---- Blocks that gemtext shows as they are ----

local function preformatted(out, caption, lines)
  caption = caption:gsub("[\n`]", " ")
  lines = ("\n" .. lines):gsub("\n$", ""):gsub("\n```", "\n ```") -- a fence inside would end it
  out:verbatim("```" .. caption .. lines .. "\n```")
end

function gemini.code_block(block, out) preformatted(out, block.lang or "code", block.literal) end

-- What is too wide for a screen is better read as text.
function gemini.table(t, out)
  local lines, widest, names = out:capture(function() out:super(t) end), 0, {}
  for line in lines:gmatch("[^\n]+") do widest = math.max(widest, out:columns(line)) end
  for i, cell in ipairs(t.header.children) do names[i] = out:capture(cell.children) end
  if widest <= 100 then
    preformatted(out, "Table: " .. table.concat(names, ", "), lines)
  else
    out:super(t)
  end
end

function gemini.block_quote(quote, out)
  for _, block in ipairs(quote.children) do
    out:prefix("> ", block.kind == "paragraph" and block.children or block)
  end
end

gemini.thematic_break = "---"

-- ---- Inlines ----

gemini.emph = "{{ children }}"
gemini.strong = "{{ children }}"

return gemini
