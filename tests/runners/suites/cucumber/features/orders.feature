Feature: an order
  Scenario: has a total
    Given two prices, 2 and 3
    Then the total is 5
  Scenario: is refused
    Given two prices, 2 and 3
    Then the total is 6
  Scenario: is sent
    Given something that nobody wrote
