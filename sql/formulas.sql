-- The formulas of the game, each in one place; every statement in sql/ that calls one is expanded
-- before it is sent. Source: Basketball-Reference, "Glossary".

-- One side of Basketball-Reference's estimate: of the misses those that the opponent got, 1.07 because
-- a rebound of the whole team is nobody's. 0.4 belongs to this estimate, 0.44 to the rates below.
CREATE TEMP FUNCTION own_possessions(
  fga INT64, fta INT64, fgm INT64, tov INT64, oreb INT64, opponent_dreb INT64
) AS (
  fga + 0.4 * fta - 1.07 * COALESCE(SAFE_DIVIDE(oreb, oreb + opponent_dreb), 0) * (fga - fgm) + tov
);

-- Glossary: 0.5 * ((Tm FGA + 0.4 * Tm FTA - 1.07 * (Tm ORB / (Tm ORB + Opp DRB)) * (Tm FGA - Tm FG)
-- + Tm TOV) + (the same of the opponent)). Both teams of a game have the same: the ball changes hands.
CREATE TEMP FUNCTION possessions(own FLOAT64, opponent FLOAT64) AS (
  0.5 * (own + opponent)
);

-- What a player did with the ball, no possession: his team may have it again by a rebound. The
-- denominator of usage is the team's sum of it.
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

-- Glossary: 48 * ((Tm Poss + Opp Poss) / (2 * (Tm MP / 5))).
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

-- Whole minutes are rounded by up to a half, tenths by up to a twentieth; what is further apart is no
-- matter of rounding.
CREATE TEMP FUNCTION is_rounded_of(whole FLOAT64, tenths FLOAT64) AS (
  ABS(tenths - whole) <= 0.55
);

-- A statistic of which two sources have different numbers, and nothing where they agree or one has none.
CREATE TEMP FUNCTION difference(statistic STRING, ours INT64, theirs INT64) AS (
  IF(
    ours <> theirs,
    CONCAT(', ', statistic, ' ', CAST(ours AS STRING), '/', CAST(theirs AS STRING)), ''
  )
);

CREATE TEMP FUNCTION minutes_difference(ours FLOAT64, theirs FLOAT64) AS (
  IF(
    NOT is_rounded_of(ours, theirs),
    CONCAT(', minutes_played ', in_tenths(ours), '/', in_tenths(theirs)), ''
  )
);

-- The engines print floating point in their own ways; nobody plays less than no time.
CREATE TEMP FUNCTION in_tenths(minutes FLOAT64) AS (
  CONCAT(
    CAST(DIV(CAST(ROUND(10 * minutes) AS INT64), 10) AS STRING), '.',
    CAST(MOD(CAST(ROUND(10 * minutes) AS INT64), 10) AS STRING)
  )
);

-- A game is played when it is final and has a score; "final" without one is no result.
CREATE TEMP FUNCTION has_result(game_status STRING, home_score INT64, away_score INT64) AS (
  game_status = 'final' AND home_score IS NOT NULL AND away_score IS NOT NULL
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

-- Sums of floating point depend on the order of the rows, which no engine promises; sums of billionths
-- do not. Whoever adds floats asks here, so that the same rows always have the same content.
CREATE TEMP FUNCTION total(x FLOAT64) AS (
  SUM(CAST(ROUND(x * 1000000000) AS INT64)) / 1000000000
);

CREATE TEMP FUNCTION average(x FLOAT64) AS (
  SAFE_DIVIDE(SUM(CAST(ROUND(x * 1000000000) AS INT64)), 1000000000 * COUNT(x))
);

-- Of a sample, from sums of whole numbers; NULL of fewer than two.
CREATE TEMP FUNCTION sample_deviation(x INT64) AS (
  SQRT(SAFE_DIVIDE(COUNT(x) * SUM(x * x) - SUM(x) * SUM(x), COUNT(x) * (COUNT(x) - 1)))
);
