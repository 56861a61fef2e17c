-- The formulas of the game, each in one place; every statement in sql/ that calls one is expanded
-- before it is sent. Sources: Basketball-Reference, "Glossary"; Kubatko, Oliver, Pelton and
-- Rosenbaum, "A Starting Point for Analyzing Basketball Statistics" (2007).

-- Simple form of Kubatko et al.: the ball ends up shot, at the line, lost, or back by a rebound.
CREATE TEMP FUNCTION possessions(fga INT64, fta INT64, tov INT64, oreb INT64) AS (
  fga + 0.44 * fta + tov - oreb
);

-- What a player did with the ball; the denominator of usage uses the team's sum of it.
CREATE TEMP FUNCTION possessions_used(fga INT64, fta INT64, tov INT64) AS (
  fga + 0.44 * fta + tov
);

-- Glossary: 100 * ((FGA + 0.44 * FTA + TOV) * (Tm MP / 5)) / (MP * (Tm FGA + 0.44 * Tm FTA + Tm TOV)).
-- Team minutes are 240 only without overtime.
CREATE TEMP FUNCTION usage_rate(
  used FLOAT64, minutes FLOAT64, team_used FLOAT64, team_minutes FLOAT64
) AS (
  100 * SAFE_DIVIDE(used * (team_minutes / 5), minutes * team_used)
);

-- Glossary: PTS / (2 * TSA), TSA = FGA + 0.44 * FTA.
CREATE TEMP FUNCTION true_shooting_pct(points INT64, fga INT64, fta INT64) AS (
  SAFE_DIVIDE(points, 2 * (fga + 0.44 * fta))
);

-- Glossary: (FG + 0.5 * 3P) / FGA.
CREATE TEMP FUNCTION effective_field_goal_pct(fgm INT64, tpm INT64, fga INT64) AS (
  SAFE_DIVIDE(fgm + 0.5 * tpm, fga)
);

-- Glossary: points per 100 possessions.
CREATE TEMP FUNCTION rating(points INT64, poss FLOAT64) AS (
  100 * SAFE_DIVIDE(points, poss)
);

-- Glossary: possessions per 48 minutes of five players.
CREATE TEMP FUNCTION pace(poss FLOAT64, team_minutes FLOAT64) AS (
  48 * SAFE_DIVIDE(poss, team_minutes / 5)
);

-- The paint is the league's two zones below the free throw line; every count by zone asks here.
CREATE TEMP FUNCTION is_paint(zone STRING) AS (
  zone IN ('Restricted Area', 'In The Paint (Non-RA)')
);

CREATE TEMP FUNCTION is_mid_range(zone STRING) AS (
  zone = 'Mid-Range'
);

-- Probability in American odds, the bookmaker's share included.
CREATE TEMP FUNCTION implied_probability(price FLOAT64) AS (
  IF(price < 0, SAFE_DIVIDE(-price, 100 - price), SAFE_DIVIDE(100, 100 + price))
);

-- A game lasts 240 player minutes and 25 more per overtime.
CREATE TEMP FUNCTION overtime_periods(team_minutes FLOAT64) AS (
  CAST(GREATEST(ROUND((team_minutes - 240) / 25), 0) AS INT64)
);

-- Players' minutes are rounded one by one; the game's length is the nearest that can be.
CREATE TEMP FUNCTION minutes_of_game(player_minutes FLOAT64) AS (
  240.0 + 25 * GREATEST(ROUND((player_minutes - 240) / 25), 0)
);

-- Haversine of R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (1984); mean radius
-- of the earth 3,958.8 miles. Degrees in, miles out.
CREATE TEMP FUNCTION great_circle_miles(
  latitude FLOAT64, longitude FLOAT64, other_latitude FLOAT64, other_longitude FLOAT64
) AS (
  7917.6 * ASIN(SQRT(
    POW(SIN((other_latitude - latitude) * ACOS(-1) / 360), 2)
    + COS(latitude * ACOS(-1) / 180) * COS(other_latitude * ACOS(-1) / 180)
      * POW(SIN((other_longitude - longitude) * ACOS(-1) / 360), 2)
  ))
);
