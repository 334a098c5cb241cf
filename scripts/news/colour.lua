-- colour.lua: a publication's colour, made so that it can be read. A colour is an array of red,
-- green and blue from 0 to 1; outside it is written as in `theme`, "#0b5d66" or "#056".
local colour = {}

-- The relative luminance (WCAG 2).
local function luminance(rgb)
  local linear = {}
  for i, part in ipairs(rgb) do
    linear[i] = part <= 0.04045 and part / 12.92 or ((part + 0.055) / 1.055) ^ 2.4
  end
  return 0.2126 * linear[1] + 0.7152 * linear[2] + 0.0722 * linear[3]
end

local function contrast(a, b)
  local light, dark = luminance(a), luminance(b)
  if light < dark then light, dark = dark, light end
  return (light + 0.05) / (dark + 0.05)
end

-- The same hue and saturation (HSL) at another lightness.
local function at_lightness(rgb, lightness)
  local least, most = math.min(table.unpack(rgb)), math.max(table.unpack(rgb))
  local own, scale = (least + most) / 2, 0
  if most > least then scale = (1 - math.abs(2 * lightness - 1)) / (1 - math.abs(2 * own - 1)) end
  local shifted = {}
  for i, part in ipairs(rgb) do shifted[i] = lightness + (part - own) * scale end
  return shifted
end

local function parse(text)
  local digits = text:match("^#(%x%x%x%x%x%x)$")
  if not digits then digits = text:sub(2):gsub("%x", "%0%0") end
  local rgb = {}
  for pair in digits:gmatch("%x%x") do rgb[#rgb + 1] = tonumber(pair, 16) / 255 end
  return rgb
end

-- The colour, or what is nearest to it that can be read on this ground.
function colour.readable(text, ground_text)
  local rgb, ground = parse(text), parse(ground_text)
  local step = luminance(ground) > 0.5 and -0.01 or 0.01
  local lightness = (math.min(table.unpack(rgb)) + math.max(table.unpack(rgb))) / 2
  local found = rgb
  while contrast(found, ground) < 4.7 do
    lightness = lightness + step
    found = at_lightness(rgb, lightness)
  end
  local bytes = {}
  for i, part in ipairs(found) do bytes[i] = math.floor(part * 255 + 0.5) end
  return ("#%02x%02x%02x"):format(table.unpack(bytes))
end

return colour
